#pragma once

#include <algorithm>
#include <cstdint>

#include "base/bytes.h"

namespace refrain::store {

/// How the bound on the permanent store's disk space is shared out between the file and its write-ahead log.
struct space_plan {
  std::uint64_t file_bytes = 0;  ///< the file never grows beyond
  std::uint64_t log_bytes = 0;   ///< the log is cut back when it is longer
  std::uint64_t log_most = 0;    ///< where it could not be cut back, nothing is written while it is longer
  std::uint64_t checkpoint = 0;  ///< so much of the log is written back at a time
  std::uint64_t batch = 0;       ///< most bytes of one transaction but for a single larger entry
  std::uint64_t largest = 0;     ///< a larger entry is not kept
  std::uint64_t counters = 0;    ///< most bytes of counters: those of the oldest days go first
  std::int64_t rows = 0;         ///< most rows that one transaction removes
};

/// The log needs room for a transaction of the largest entry on top of its own bound, all of it twice where an eviction
/// goes before; a quarter of a small store and 96 MiB of a large one are enough.
[[nodiscard]] constexpr space_plan plan_space(base::byte_count bound) noexcept {
  constexpr base::byte_count most_log{96ull << 20};
  constexpr base::byte_count most_batch{4ull << 20};
  // Each row that is removed may change a page of the table and of its indexes.
  constexpr std::uint64_t pages_of_a_row = 7 * 8192;
  constexpr std::uint64_t most_counters = 32ull << 20;
  // SQLite's index of the log, of which 32 KiB stand for 32 MiB of it.
  constexpr std::uint64_t log_index = 32ull << 10;
  const std::uint64_t log_most = std::min(bound.value / 4, most_log.value);
  return {
      .file_bytes = bound.value - log_most - log_index * (log_most / (32ull << 20) + 1),
      .log_bytes = log_most / 3,
      .log_most = log_most,
      .checkpoint = log_most / 4,
      .batch = std::min(log_most / 6, most_batch.value),
      .largest = log_most / 4,
      .counters = std::min(bound.value / 16, most_counters),
      .rows = static_cast<std::int64_t>(std::clamp<std::uint64_t>(log_most / 6 / pages_of_a_row, 1, 1000)),
  };
}

}  // namespace refrain::store
