// The table of all metrics. A new one is a row here, and a line where it is counted.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace refrain::metrics {

enum class kind : std::uint8_t { counter, gauge, histogram };

/// One metric, declared once: what `/metrics` shows of it and docs/reference/metrics.md says.
struct metric {
  std::string_view name;
  kind type = kind::counter;
  std::string_view meaning;  ///< one sentence, without its full stop
  std::string_view first_label = "";
  std::string_view second_label = "";
  std::span<const double> bounds{};  ///< of a histogram's buckets: upper ones, ascending

  [[nodiscard]] constexpr std::array<std::string_view, 2> labels() const noexcept {
    return {first_label, second_label};
  }
  [[nodiscard]] constexpr std::size_t label_count() const noexcept {
    return (first_label.empty() ? 0U : 1U) + (second_label.empty() ? 0U : 1U);
  }
};

/// Seconds: a hit takes microseconds, a reasoning model minutes.
inline constexpr std::array latency_bounds{0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001,
                                           0.0025,  0.005,    0.01,    0.025,  0.05,    0.1,    0.25,
                                           0.5,     1.0,      2.5,     5.0,    10.0,    30.0,   60.0};

inline constexpr std::array table{
    metric{"cache_hits_total", kind::counter, "Requests answered without an upstream call", "cache_type",
           "optimization_level"},
    metric{"cache_misses_total", kind::counter, "Requests that had to ask upstream", "cache_type",
           "optimization_level"},
    metric{"cache_size_bytes", kind::gauge, "Bytes that entries of the type take in the store; not of a Redis",
           "cache_type"},
    metric{"api_cost_usd_total", kind::counter, "US dollars spent upstream, where the price is known", "service",
           "provider"},
    metric{"tts_requests_total", kind::counter, "Answered requests for speech; cache is hit, miss or bypass",
           "provider", "cache"},
    metric{"tts_cache_hits_total", kind::counter, "Requests for speech answered from the cache", "provider"},
    metric{"tts_latency_seconds", kind::histogram, "From a request for speech to its last byte", "provider", "",
           latency_bounds},
    metric{"tts_failures_total", kind::counter,
           "Upstream calls that brought no speech, by its status or error: http_429 or upstream_timeout", "provider",
           "reason"},
    metric{"refrain_requests_total", kind::counter, "Requests of cached endpoints", "outcome"},
    metric{"refrain_request_seconds", kind::histogram, "From a request's head to its answer's last byte", "outcome", "",
           latency_bounds},
    metric{"refrain_relayed_total", kind::counter, "Requests that passed through, uncached", "upstream"},
    metric{"refrain_tunnels_total", kind::counter, "WebSocket tunnels that were opened; in refrain_relayed_total too",
           "upstream"},
    metric{"refrain_tunnels", kind::gauge, "WebSocket tunnels open now"},
    metric{"refrain_refused_total", kind::counter, "Requests that the gateway answered with an error of its own",
           "reason"},
    metric{"refrain_not_stored_total", kind::counter, "Answers that were not recorded", "reason"},
    metric{"refrain_upstream_calls_total", kind::counter, "Answers of upstreams by class, such as 2xx", "upstream",
           "status"},
    metric{"refrain_upstream_first_byte_seconds", kind::histogram, "From an upstream request to its answer's head",
           "upstream", "", latency_bounds},
    metric{"refrain_upstream_failures_total", kind::counter, "Upstream calls without a complete answer", "upstream",
           "reason"},
    metric{"refrain_fills", kind::gauge, "Upstream calls under way that others may join"},
    metric{"refrain_fill_bytes", kind::gauge, "Memory of recordings in progress, bounded by fill.max_bytes"},
    metric{"refrain_store_up", kind::gauge, "1 ready, 0.5 degraded, 0 down"},
    metric{"refrain_store_entries", kind::gauge, "Entries in the store; all keys of a Redis"},
    metric{"refrain_store_bytes", kind::gauge,
           "Bytes that the store takes, files and logs included; all memory of a Redis"},
    metric{"refrain_store_max_bytes", kind::gauge, "Bound of the store, where it has one"},
    metric{"refrain_store_writes_dropped", kind::gauge, "Writes that the store could not take"},
    metric{"refrain_store_mismatches", kind::gauge,
           "Values of another digest or tenant than asked for, which were not served: look into it"},
    metric{"refrain_store_evictions", kind::gauge, "Entries that made room for others; all evicted keys of a Redis"},
};

/// The place in the table of a metric of this type, with so many labels. Looked up when it is compiled: a name that is
/// misspelt, or labels left out, do not compile.
template <kind Type, std::size_t Labels>
struct metric_name {
  consteval metric_name(const char* name) {  // NOLINT(google-explicit-constructor): a name is given as a text
    while (table.at(row).name != name) ++row;
    if (table[row].type != Type || table[row].label_count() != Labels) throw "another type, or other labels";
  }
  std::size_t row = 0;
};

/// docs/reference/metrics.md, made from the table.
[[nodiscard]] std::string reference_page();

}  // namespace refrain::metrics
