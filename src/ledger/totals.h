#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "entry/cache_type.h"
#include "entry/counters.h"
#include "entry/money.h"
#include "entry/outcome.h"

namespace refrain::ledger {

inline constexpr std::size_t outcome_count = static_cast<std::size_t>(entry::outcome::bypass) + 1;

/// What requests came to: how many of each outcome, and their money. A pure sum.
struct tally {
  std::array<std::uint64_t, outcome_count> by_outcome{};
  entry::micro_usd saved;      ///< by hits: what asking upstream would have cost
  entry::micro_usd spent;      ///< upstream
  std::uint64_t unpriced = 0;  ///< requests that saved or spent an unknown sum

  [[nodiscard]] std::uint64_t count(entry::outcome what) const noexcept {
    return by_outcome[static_cast<std::size_t>(what)];
  }
  [[nodiscard]] std::uint64_t requests() const noexcept;
  [[nodiscard]] std::uint64_t hits() const noexcept;
  /// MISS and REFRESH; BYPASS is neither hit nor miss.
  [[nodiscard]] std::uint64_t misses() const noexcept;

  tally& operator+=(const tally& other) noexcept;
  friend bool operator==(const tally&, const tally&) = default;
};

/// What a tally is kept for.
struct tally_key {
  entry::cache_type type = entry::cache_type::llm;
  std::string upstream;
  std::string model;

  friend auto operator<=>(const tally_key&, const tally_key&) = default;
};

/// Tallies by type, upstream and model, and their sums.
struct totals {
  std::map<tally_key, tally> rows;

  [[nodiscard]] tally all() const;

  friend bool operator==(const totals&, const totals&) = default;
};

/// The counters by which a store keeps tallies beyond the process, one for each figure that is not 0:
/// `{type}:{upstream}:{model}:{figure}`, upstream and model percent-encoded; the figures are the outcomes in lower case
/// (`hit`, `semantic_hit`, ...), `saved` and `spent` in micro-dollars, and `unpriced`.
[[nodiscard]] entry::counter_deltas to_counters(const totals& what, std::int64_t day);

/// Adds a counter that a store has kept; false where it is none of ours.
bool add_counter(totals& into, const entry::counter_delta& counter);

}  // namespace refrain::ledger
