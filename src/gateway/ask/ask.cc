#include "gateway/ask/ask.h"

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

bool asks_for_usage(const ask& request) noexcept {
  return request.where.to->ask_usage && request.parsed->why_not == entry::uncacheable_reason::none;
}

}  // namespace refrain::gateway
