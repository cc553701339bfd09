#pragma once

#include <atomic>
#include <cstdint>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "entry/selector.h"

namespace refrain::cache {

/// Invalidates every entry that it selects and whose upstream request began before it was made: an entry keeps the
/// number that was current then, and is dead (never served again) where a matching record has a higher one.
struct purge_record {
  std::uint64_t number = 0;
  entry::selector what;
  base::sys_seconds until{};  ///< no entry that it could kill lives longer

  friend bool operator==(const purge_record&, const purge_record&) = default;
};

/// The purge records that a process knows, shared by all its tiers. Numbers only rise; a record once known stays until
/// its time is over. Any thread.
class purge_book {
 public:
  /// What an upstream request that begins now must write into its entry.
  [[nodiscard]] std::uint64_t current() const noexcept { return current_.load(std::memory_order_acquire); }

  /// Whether a record has killed the entry. Costs one atomic load where nothing was purged since it began.
  [[nodiscard]] bool dead(const entry::meta& about) const { return about.purge_number < current() && killed(about); }

  /// Makes the next record.
  purge_record issue(entry::selector selection, base::sys_seconds until);

  /// Takes over records made elsewhere; the current number becomes the highest of all.
  void merge(const std::vector<purge_record>& records);

  /// The current number is at least this one: what a store remembers of records long expired.
  void raise(std::uint64_t number);

  /// Forgets the records whose time is over.
  void expire(base::sys_seconds now);

  [[nodiscard]] std::vector<purge_record> records() const;

 private:
  [[nodiscard]] bool killed(const entry::meta& about) const;
  void raise_locked(std::uint64_t number);

  mutable std::shared_mutex mutex_;
  std::vector<purge_record> records_;  ///< guarded by mutex_
  std::atomic<std::uint64_t> current_{0};
};

/// The JSON form of a record, as stores keep it: docs/formats/entry.md.
[[nodiscard]] std::string encode(const purge_record& record);

/// Undoes encode; fails with store_corrupt. Takes any bytes.
[[nodiscard]] base::result<purge_record> decode_purge_record(std::string_view json);

}  // namespace refrain::cache
