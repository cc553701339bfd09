#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace refrain::bench {

using latencies = std::vector<std::chrono::nanoseconds>;

/// What a run of the load came to.
struct measurement {
  std::chrono::nanoseconds elapsed{0};
  std::uint64_t bytes = 0;                      ///< of the answers' bodies
  std::map<std::string, latencies> by_outcome;  ///< good answers, by x-refrain-cache; `NONE` where that is absent
  std::map<std::string, std::uint64_t> faults;  ///< bad ones, by reason

  [[nodiscard]] std::uint64_t good() const noexcept;
  [[nodiscard]] std::uint64_t bad() const noexcept;
};

/// The latency that a share of all requests stays within, by nearest rank: of a hundred, the 99th. `sorted` ascends;
/// 0 where it is empty. `share` is in thousandths: 999 for p99.9.
[[nodiscard]] std::chrono::nanoseconds percentile(const latencies& sorted, unsigned share);

/// A table for a person: a line an outcome, and the faults below.
[[nodiscard]] std::string as_text(measurement result, unsigned connections);
/// The same as one object; latencies in microseconds.
[[nodiscard]] std::string as_json(measurement result, unsigned connections);

}  // namespace refrain::bench
