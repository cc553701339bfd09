#include "gateway/settle/access_log.h"

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

}  // namespace

void log_hit(const ask& request) {
  if (!base::log_enabled(base::severity::info) || !may_log(request.began)) return;
  const bool speech = request.where.endpoint->type == entry::cache_type::tts;
  const auto subject =
      speech ? std::string_view{"TTS cache hit for voice"} : std::string_view{"LLM cache hit for query"};
  constexpr std::size_t shown = 60;
  // The group of speech is `provider:voice`.
  const auto& parsed = *request.parsed;
  const std::string text = speech ? parsed.group.substr(parsed.group.rfind(':') + 1) : parsed.query;
  base::log_info("{}: {}", subject,
                 request.at->settings.log.queries ? base::shorten(text, shown) : request.key.hex().substr(0, 12));
}

void log_access(std::string_view method, std::string_view path, const request_end& end) {
  base::log_info("{} {} {} {} {} bytes {} us", method, base::shorten(path, 200), end.status,
                 entry::to_string(end.outcome), end.bytes,
                 std::chrono::duration_cast<std::chrono::microseconds>(end.took).count());
}

}  // namespace refrain::gateway
