#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "cache/policy.h"
#include "config/level.h"
#include "entry/entry.h"
#include "entry/money.h"
#include "entry/outcome.h"
#include "entry/uncacheable_reason.h"
#include "metrics/metrics.h"

namespace refrain::gateway {

/// What a request asked for: one thing, or the items of a batch.
struct item_counts {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
};

/// What the gateway counts, as Prometheus shows it (metrics/table.h). Any thread.
class meters {
 public:
  explicit meters(metrics::registry& all);

  /// A request of a cached endpoint was answered.
  void answered(entry::outcome kind, std::chrono::nanoseconds took);
  /// Of what it asked for so much was there, and so much had to be fetched.
  void looked_up(entry::cache_type type, config::optimization_level level, const item_counts& found);
  /// A request passed through.
  void relayed(std::string_view upstream);
  /// A tunnel was opened.
  void tunnelled(std::string_view upstream);
  /// The gateway refused, or could not answer.
  void refused(base::errc why);
  /// An answer or a request was not recorded.
  void not_stored(entry::uncacheable_reason why);
  /// An upstream call ended: with a status, or with an error's label.
  void called(std::string_view upstream, int status, std::chrono::nanoseconds to_head);
  void call_failed(std::string_view upstream, base::errc why);
  /// A request for speech was answered; what is counted besides, by provider.
  void spoke(std::string_view upstream, entry::outcome kind, std::chrono::nanoseconds took);
  /// A provider did not speak: `http_429`, or an error's label.
  void speech_failed(std::string_view upstream, std::string_view reason);
  void spent(entry::cache_type type, std::string_view upstream, entry::micro_usd amount);

 private:
  static constexpr std::size_t type_count = 6;
  static constexpr std::size_t outcome_count = 7;

  metrics::registry& all_;
  /// By type and level; made beforehand, as the hot path adds to them.
  std::vector<metrics::counter> hits_;
  std::vector<metrics::counter> misses_;
  std::vector<metrics::counter> outcomes_;
  std::vector<metrics::histogram> seconds_;
};

}  // namespace refrain::gateway
