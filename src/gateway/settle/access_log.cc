#include "gateway/settle/access_log.h"

#include <fmt/format.h>

#include <boost/container/static_vector.hpp>
#include <string>

#include "base/log.h"
#include "base/log_limit.h"
#include "base/text.h"

namespace refrain::gateway {
namespace {

/// A line for each hit would cost more than the hit.
bool may_log(base::steady_time now) {
  thread_local base::log_limit lines{10, std::chrono::seconds{1}};
  return lines.allows(now);
}

bool is_speech(const ask& request) {
  return request.where.endpoint != nullptr && request.where.endpoint->type == entry::cache_type::tts;
}

/// The group of speech is `provider:voice`, and percent-encoded.
std::string voice_of(const ask& request) {
  const auto& group = request.parsed->group;
  const auto encoded = std::string_view{group}.substr(group.rfind(':') + 1);
  return base::percent_decode(encoded).value_or(std::string{encoded});
}

}  // namespace

void log_hit(const ask& request, std::string_view similar_to) {
  if (!base::log_enabled(base::severity::info) || !may_log(request.began)) return;
  constexpr std::size_t shown = 60;
  const auto digest = request.key.hex().substr(0, 12);
  if (is_speech(request)) {
    // A voice is nobody's secret, and what people tell such lines apart by.
    base::log_info("TTS cache hit for voice: {}", base::shorten(voice_of(request), shown));
    return;
  }
  const bool shows = request.at->settings.log.queries;
  const auto other = shows ? base::shorten(similar_to, shown) : "another";
  base::log_info("LLM cache hit for query: {}{}", shows ? base::shorten(request.parsed->query, shown) : digest,
                 similar_to.empty() ? "" : fmt::format(" (similar to: {})", other));
}

void log_access(const ask& request, const request_end& end) {
  if (!base::log_enabled(base::severity::info)) return;
  constexpr std::size_t shown = 200;
  const auto& method = request.head->method;
  const auto path = base::shorten(request.where.path, shown);
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(end.took).count();
  boost::container::static_vector<base::log_member, 12> members{
      {"method", method},
      {"path", path},
      {"status", std::int64_t{end.status}},
      {"outcome", entry::to_string(end.outcome)},
      {"bytes", static_cast<std::int64_t>(end.bytes)},
      {"microseconds", std::int64_t{micros}},
  };
  if (request.where.to != nullptr) members.push_back({"upstream", request.where.to->name});
  std::string model;
  std::string voice;
  if (request.parsed) {
    model = base::shorten(request.parsed->model, shown);
    members.push_back({"model", model});
    members.push_back({"tenant", request.tenant.label});
  }
  if (request.parsed && is_speech(request)) {
    voice = base::shorten(voice_of(request), shown);
    members.push_back({"voice", voice});
  }
  constexpr double micro_dollars = 1e6;
  if (end.saved) members.push_back({"saved", static_cast<double>(end.saved->value) / micro_dollars});
  if (end.refused) members.push_back({"refused", base::to_string(*end.refused)});
  base::write_log(base::severity::info, fmt::format("{} {}", method, path), members);
}

}  // namespace refrain::gateway
