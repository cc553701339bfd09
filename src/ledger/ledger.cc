#include "ledger/ledger.h"

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>

namespace refrain::ledger {
namespace {

/// A tally_key without its strings.
struct key_view {
  entry::cache_type type;
  std::string_view upstream;
  std::string_view model;

  friend bool operator==(const key_view&, const key_view&) = default;
};

key_view view_of(const tally_key& key) noexcept { return {key.type, key.upstream, key.model}; }
key_view view_of(const key_view& key) noexcept { return key; }

struct key_hash {
  using is_transparent = void;
  std::size_t operator()(const auto& key) const noexcept {
    const auto view = view_of(key);
    const std::hash<std::string_view> text;
    return text(view.model) * 31 + text(view.upstream) * 7 + static_cast<std::size_t>(view.type);
  }
};

struct key_equal {
  using is_transparent = void;
  bool operator()(const auto& a, const auto& b) const noexcept { return view_of(a) == view_of(b); }
};

/// A row's sums: those not yet drained apart, so that draining needs no subtraction.
struct account {
  tally drained;
  tally fresh;
};

void book(tally& into, const charge& one) noexcept {
  into.by_outcome[static_cast<std::size_t>(one.outcome)] += one.count;
  if (!one.cost) {
    into.unpriced += one.count;
  } else {
    (entry::is_hit(one.outcome) ? into.saved : into.spent) += *one.cost;
  }
}

}  // namespace

/// Shards lie on cache lines of their own.
struct alignas(64) ledger::shard {
  mutable std::mutex mutex;
  std::unordered_map<tally_key, account, key_hash, key_equal> rows;

  account& row_of(const charge& one) {
    const key_view key{one.type, one.upstream, one.model};
    if (const auto found = rows.find(key); found != rows.end()) return found->second;
    if (rows.size() < most_rows) return rows[{one.type, std::string(one.upstream), std::string(one.model)}];
    return rows[{one.type, "(other)", "(other)"}];
  }
};

ledger::ledger() : shards_(std::make_unique<std::array<shard, shard_count>>()) {}
ledger::~ledger() = default;

ledger::shard& ledger::own_shard() const noexcept {
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t mine = threads.fetch_add(1, std::memory_order_relaxed) % shard_count;
  return (*shards_)[mine];
}

void ledger::record(const charge& one) {
  auto& mine = own_shard();
  const std::scoped_lock lock(mine.mutex);
  book(mine.row_of(one).fresh, one);
}

totals ledger::snapshot() const {
  totals sum;
  for (const auto& one : *shards_) {
    const std::scoped_lock lock(one.mutex);
    for (const auto& [key, row] : one.rows) (sum.rows[key] += row.drained) += row.fresh;
  }
  return sum;
}

entry::counter_deltas ledger::drain(std::int64_t day) {
  totals sum;
  for (auto& one : *shards_) {
    const std::scoped_lock lock(one.mutex);
    for (auto& [key, row] : one.rows) {
      if (row.fresh == tally{}) continue;
      sum.rows[key] += row.fresh;
      row.drained += row.fresh;
      row.fresh = {};
    }
  }
  return to_counters(sum, day);
}

}  // namespace refrain::ledger
