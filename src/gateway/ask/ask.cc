#include "gateway/ask/ask.h"

#include <algorithm>

namespace refrain::gateway {

provider::request_view ask::view() const {
  return {.path = where.path,
          .query = where.query,
          .body = body,
          .content_type = head->find("content-type").value_or(""),
          .ignored = ignored(),
          .keyed = at->settings.cache.enabled};
}

std::string ask::shown_key() const { return at->settings.cache.enabled && !items.empty() ? key.hex() : std::string{}; }

std::ptrdiff_t ask::distinct_items() const {
  std::ptrdiff_t count = 0;
  for (std::size_t i = 0; i < items.size(); ++i) count += items[i].same_as == i ? 1 : 0;
  return count;
}

config::semantic_mode semantic_mode_of(const ask& request) noexcept {
  const auto mode = request.where.to->semantic.value_or(config::semantic_mode::verified);
  return std::min(mode, request.directives.semantic.value_or(mode));
}

double least_similarity_of(const ask& request) noexcept {
  const auto wanted = request.directives.threshold.value_or(0);
  const bool by_operator = semantic_mode_of(request) == config::semantic_mode::threshold;
  return by_operator ? std::max(wanted, request.where.to->semantic_threshold) : wanted;
}

bool asks_for_usage(const ask& request) noexcept {
  return request.where.to->ask_usage && request.parsed->why_not == entry::uncacheable_reason::none;
}

}  // namespace refrain::gateway
