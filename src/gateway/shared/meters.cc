#include "gateway/shared/meters.h"

#include "base/text.h"

namespace refrain::gateway {
namespace {

using entry::cache_type;
using entry::outcome;

std::size_t row(cache_type type, config::optimization_level level) {
  return static_cast<std::size_t>(type) * config::level_count + static_cast<std::size_t>(level);
}

std::string lower(outcome kind) { return base::to_lower(entry::to_string(kind)); }

double seconds(std::chrono::nanoseconds took) { return std::chrono::duration<double>(took).count(); }

}  // namespace

meters::meters(metrics::registry& all) : all_(all) {
  for (std::size_t type = 0; type < type_count; ++type) {
    const auto type_name = to_string(static_cast<cache_type>(type));
    for (std::size_t level = 0; level < config::level_count; ++level) {
      const auto level_name = to_string(config::optimization_level(level));
      hits_.push_back(all.counter_of("cache_hits_total", type_name, level_name));
      misses_.push_back(all.counter_of("cache_misses_total", type_name, level_name));
    }
  }
  for (std::size_t i = 0; i < outcome_count; ++i) {
    const auto name = lower(static_cast<outcome>(i));
    outcomes_.push_back(all.counter_of("refrain_requests_total", name));
    seconds_.push_back(all.histogram_of("refrain_request_seconds", name));
  }
}

void meters::answered(outcome kind, std::chrono::nanoseconds took) {
  const auto at = static_cast<std::size_t>(kind);
  outcomes_[at].add();
  seconds_[at].observe(seconds(took));
}

void meters::looked_up(cache_type type, config::optimization_level level, const item_counts& found) {
  const auto at = row(type, level);
  if (found.hits > 0) hits_[at].add(static_cast<double>(found.hits));
  if (found.misses > 0) misses_[at].add(static_cast<double>(found.misses));
}

void meters::relayed(std::string_view upstream) { all_.counter_of("refrain_relayed_total", upstream).add(); }

void meters::tunnelled(std::string_view upstream) { all_.counter_of("refrain_tunnels_total", upstream).add(); }

void meters::refused(base::errc why) { all_.counter_of("refrain_refused_total", base::to_string(why)).add(); }

void meters::not_stored(entry::uncacheable_reason why) {
  all_.counter_of("refrain_not_stored_total", entry::to_string(why)).add();
}

void meters::called(std::string_view upstream, int status, std::chrono::nanoseconds to_head) {
  static constexpr std::array<std::string_view, 6> classes{"", "1xx", "2xx", "3xx", "4xx", "5xx"};
  all_.counter_of("refrain_upstream_calls_total", upstream, classes.at(static_cast<std::size_t>(status / 100))).add();
  all_.histogram_of("refrain_upstream_first_byte_seconds", upstream).observe(seconds(to_head));
}

void meters::call_failed(std::string_view upstream, base::errc why) {
  all_.counter_of("refrain_upstream_failures_total", upstream, base::to_string(why)).add();
}

void meters::spoke(std::string_view upstream, outcome kind, std::chrono::nanoseconds took) {
  const bool hit = entry::is_hit(kind);
  all_.counter_of("tts_requests_total", upstream, hit ? "hit" : kind == outcome::bypass ? "bypass" : "miss").add();
  if (hit) all_.counter_of("tts_cache_hits_total", upstream).add();
  all_.histogram_of("tts_latency_seconds", upstream).observe(seconds(took));
}

void meters::speech_failed(std::string_view upstream, std::string_view reason) {
  all_.counter_of("tts_failures_total", upstream, reason).add();
}

void meters::spent(cache_type type, std::string_view upstream, entry::micro_usd amount) {
  all_.counter_of("api_cost_usd_total", to_string(type), upstream).add(static_cast<double>(amount.value) / 1e6);
}

}  // namespace refrain::gateway
