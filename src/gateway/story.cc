#include "gateway/story.h"

#include "base/log.h"
#include "base/log_limit.h"
#include "base/text.h"

namespace refrain::gateway {
namespace {

/// A line a hit would cost more than the hit.
bool may_speak(base::steady_time now) {
  thread_local base::log_limit lines{10, std::chrono::seconds{1}};
  return lines.allows(now);
}

}  // namespace

void tell_hit(const transaction& now) {
  if (!base::log_enabled(base::severity::info) || !may_speak(now.began)) return;
  const bool speech = now.where.endpoint->type == entry::cache_type::tts;
  const auto subject =
      speech ? std::string_view{"TTS cache hit for voice"} : std::string_view{"LLM cache hit for query"};
  constexpr std::size_t shown = 60;
  // The place of speech is `provider:voice`.
  const std::string text = speech ? now.known->group.substr(now.known->group.rfind(':') + 1) : now.known->query;
  base::log_info("{}: {}", subject,
                 now.at->settings.log.queries ? base::shorten(text, shown) : now.id.digest.hex().substr(0, 12));
}

void tell_access(const transaction& now, std::chrono::nanoseconds took) {
  const auto& head = now.with.request();
  base::log_info("{} {} {} {} {} bytes {} us", head.method, base::shorten(now.where.path, 200), now.with.status(),
                 entry::to_string(now.result), now.with.bytes_sent(),
                 std::chrono::duration_cast<std::chrono::microseconds>(took).count());
}

}  // namespace refrain::gateway
