#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "entry/entry.h"
#include "entry/foreign_cache.h"
#include "net/async.h"

namespace refrain::entry {

enum class store_health : std::uint8_t {
  ready,     ///< reads and writes work
  degraded,  ///< works in part: `detail` says what does not
  down,      ///< every read is a miss, every write is dropped
};

[[nodiscard]] constexpr std::string_view to_string(store_health health) noexcept {
  constexpr std::array<std::string_view, 3> names{"ready", "degraded", "down"};
  return names[static_cast<std::size_t>(health)];
}

struct store_status {
  std::string kind;      ///< `memory`, `sqlite`, `redis`
  std::string location;  ///< path or URL, without credentials
  store_health health = store_health::ready;
  std::string detail;
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
  std::array<std::uint64_t, cache_type_count> bytes_by_type{};  ///< by cache_type: what its entries take
  std::uint64_t max_bytes = 0;
  std::uint64_t writes_dropped = 0;
  std::uint64_t evictions = 0;
  std::uint64_t mismatches = 0;     ///< values that were not of the digest and tenant asked for, and were not served
  std::vector<store_status> tiers;  ///< of a tiered store, nearest first
};

/// The entries of a store, as requests read and write them. Every call may come from any thread. A store's fault is
/// never a request's fault: reads answer with a miss within a bounded time, writes are dropped and counted; an error is
/// for commands and logs.
///
/// A store never hands out an entry whose digest or tenant differs from what was asked for, nor one that a purge record
/// has killed, nor one past its TTL and the time it is kept for stale serving. Whether an entry is *fresh enough* is
/// its caller's to judge.
class entries {
 public:
  virtual ~entries() = default;

  /// What is at hand in memory, or nullptr. Never blocks, never waits: the short way of a hit.
  [[nodiscard]] virtual entry_ptr peek(const entry_id& /*id*/) { return nullptr; }

  /// The entry, nullptr for a miss.
  [[nodiscard]] virtual net::task<base::result<entry_ptr>> get(entry_id id) = 0;

  /// Several at once: each entry in the place of its id, nullptr for a miss or a fault.
  [[nodiscard]] virtual net::task<std::vector<entry_ptr>> get_many(std::vector<entry_id> ids);

  /// Stores behind the caller's back: returns at once, replaces what has the same id.
  virtual void put(entry_ptr fresh) = 0;

  /// A tier above serves this entry: that counts as a use of it where the least recently used goes first. Behind the
  /// caller's back, and not for every use: once an hour is enough.
  virtual void touch(const entry_id& /*id*/) {}

  /// Waits until what was put before is written, for a bounded time.
  virtual void flush() {}

  /// What other programs keep in the same place; nullptr where there is no such thing. Lives as long as the store.
  [[nodiscard]] virtual foreign_cache* foreign() noexcept { return nullptr; }

  /// How they are kept, and how the place where they are is.
  [[nodiscard]] virtual store_status status() const = 0;
};

}  // namespace refrain::entry
