#include "gateway/settle/meters.h"

#include <fmt/format.h>

#include "base/text.h"

namespace refrain::gateway {
namespace {

using entry::cache_type;
using entry::outcome;

const std::vector<double> latency_bounds{0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001,
                                         0.0025,  0.005,    0.01,    0.025,  0.05,    0.1,    0.25,
                                         0.5,     1,        2.5,     5,      10,      30,     60};

std::size_t row(cache_type type, config::optimization_level level) {
  return static_cast<std::size_t>(type) * config::level_count + static_cast<std::size_t>(level);
}

std::string lower(outcome what) { return base::to_lower(entry::to_string(what)); }

double seconds(std::chrono::nanoseconds took) { return std::chrono::duration<double>(took).count(); }

}  // namespace

meters::meters(metrics::registry& all) : all_(all) {
  for (std::size_t type = 0; type < type_count; ++type) {
    for (std::size_t level = 0; level < config::level_count; ++level) {
      const metrics::labels of{{"cache_type", std::string(to_string(static_cast<cache_type>(type)))},
                               {"optimization_level", std::string(to_string(config::optimization_level(level)))}};
      hits_.push_back(all.make_counter("cache_hits_total", "Requests answered without an upstream call", of));
      misses_.push_back(all.make_counter("cache_misses_total", "Requests that had to ask upstream", of));
    }
  }
  for (std::size_t i = 0; i < outcome_count; ++i) {
    const metrics::labels of{{"outcome", lower(static_cast<outcome>(i))}};
    outcomes_.push_back(all.make_counter("refrain_requests_total", "Requests of cached endpoints, by outcome", of));
    seconds_.push_back(all.make_histogram("refrain_request_seconds", "From a request's head to its answer's last byte",
                                          of, latency_bounds));
  }
}

void meters::answered(outcome what, std::chrono::nanoseconds took) {
  const auto at = static_cast<std::size_t>(what);
  outcomes_[at].add();
  seconds_[at].observe(seconds(took));
}

void meters::looked_up(cache_type type, config::optimization_level level, const item_counts& found) {
  const auto at = row(type, level);
  if (found.hits > 0) hits_[at].add(static_cast<double>(found.hits));
  if (found.misses > 0) misses_[at].add(static_cast<double>(found.misses));
}

void meters::relayed(std::string_view upstream) {
  all_.make_counter("refrain_relayed_total", "Requests that passed through", {{"upstream", std::string(upstream)}})
      .add();
}

void meters::tunnelled(std::string_view upstream) {
  all_.make_counter("refrain_tunnels_total", "WebSocket tunnels that were opened",
                    {{"upstream", std::string(upstream)}})
      .add();
}

void meters::refused(base::errc why) {
  all_.make_counter("refrain_refused_total", "Requests that the gateway answered with an error of its own",
                    {{"reason", std::string(base::to_string(why))}})
      .add();
}

void meters::not_stored(entry::uncacheable_reason why) {
  all_.make_counter("refrain_not_stored_total", "Answers that were not recorded",
                    {{"reason", std::string(entry::to_string(why))}})
      .add();
}

void meters::called(std::string_view upstream, int status, std::chrono::nanoseconds to_head) {
  all_.make_counter("refrain_upstream_calls_total", "Upstream calls, by status class",
                    {{"upstream", std::string(upstream)}, {"status", fmt::format("{}xx", status / 100)}})
      .add();
  all_.make_histogram("refrain_upstream_first_byte_seconds", "From an upstream request to its answer's head",
                      {{"upstream", std::string(upstream)}}, latency_bounds)
      .observe(seconds(to_head));
}

void meters::call_failed(std::string_view upstream, base::errc why) {
  all_.make_counter("refrain_upstream_failures_total", "Upstream calls without a complete answer",
                    {{"upstream", std::string(upstream)}, {"reason", std::string(base::to_string(why))}})
      .add();
}

void meters::spoke(std::string_view upstream, outcome what, std::chrono::nanoseconds took) {
  const std::string provider{upstream};
  const bool hit = entry::is_hit(what);
  const std::string cache = hit ? "hit" : what == outcome::bypass ? "bypass" : "miss";
  all_.make_counter("tts_requests_total", "Requests for speech", {{"provider", provider}, {"cache", cache}}).add();
  if (hit) all_.make_counter("tts_cache_hits_total", "Speech from the cache", {{"provider", provider}}).add();
  all_.make_histogram("tts_latency_seconds", "From a request for speech to its last byte", {{"provider", provider}},
                      latency_bounds)
      .observe(seconds(took));
}

void meters::speech_failed(std::string_view upstream, std::string_view reason) {
  all_.make_counter("tts_failures_total", "Upstream calls that brought no speech",
                    {{"provider", std::string(upstream)}, {"reason", std::string(reason)}})
      .add();
}

void meters::spent(cache_type type, std::string_view upstream, entry::micro_usd amount) {
  all_.make_counter("api_cost_usd_total", "Money spent upstream, in US dollars",
                    {{"service", std::string(to_string(type))}, {"provider", std::string(upstream)}})
      .add(static_cast<double>(amount.value) / 1e6);
}

}  // namespace refrain::gateway
