#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "entry/counters.h"
#include "entry/money.h"
#include "entry/outcome.h"
#include "ledger/totals.h"

namespace refrain::ledger {

/// Who a request is made for. It is carried to where requests are booked; sums are not kept by it yet.
struct payer {
  std::string_view client;            ///< the client's configured name; empty where it showed no key of ours
  std::string_view tenant;            ///< the tenant's label; empty for the one that needs none
  std::span<const std::string> tags;  ///< that the request bears
};

/// One answered request, or several of a kind.
struct charge {
  entry::outcome outcome = entry::outcome::miss;
  entry::cache_type type = entry::cache_type::llm;
  std::string_view upstream;
  std::string_view model;
  /// What the upstream call cost that was made, or for a hit, that was not; absent where nobody knows.
  std::optional<entry::micro_usd> cost;
  std::uint64_t count = 1;  ///< how many it stands for: items of a batch
  refrain::ledger::payer payer{};
};

/// The gateway's running account since it started. Every call may come from any thread: threads write to shards of
/// their own, so that an entry costs an uncontended lock and a look-up. Upstreams and models are what clients say, so
/// their number is bounded; those beyond `most_rows` a shard count as `(other)`.
class ledger {
 public:
  static constexpr std::size_t most_rows = 512;

  ledger();
  ~ledger();
  ledger(const ledger&) = delete;
  ledger& operator=(const ledger&) = delete;

  void record(const charge& one);

  /// Everything since the start.
  [[nodiscard]] totals snapshot() const;

  /// What has come to pass since the last call, as counters of the day (days since 1970-01-01, UTC), for
  /// entry::counters::add. Each request is in exactly one result. Call it often and at the end: it is booked on the day
  /// of the call.
  [[nodiscard]] entry::counter_deltas drain(std::int64_t day);

 private:
  struct shard;
  static constexpr std::size_t shard_count = 16;

  [[nodiscard]] shard& own_shard() const noexcept;

  std::unique_ptr<std::array<shard, shard_count>> shards_;
};

}  // namespace refrain::ledger
