#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "store/options.h"
#include "store/sqlite_tables.h"

namespace refrain::store {

/// Purge records in the store's file, shared by all processes that have it open, and the sweep that removes what they
/// kill. For the writer's thread, but for what says otherwise.
class purge_log {
 public:
  explicit purge_log(const store_options& options) : options_(options) {}

  /// A new file was opened: reads its records from the beginning, and takes up a sweep that was cut short.
  [[nodiscard]] base::result<void> begin(sqlite_tables& file);

  /// Writes a record with the next number, within the caller's transaction. After the commit it goes to `made`.
  [[nodiscard]] base::result<cache::purge_record> write(sqlite_tables& file, entry::selector wanted);
  /// The same for one entry, whose row goes in the same transaction: other processes may have it in memory.
  [[nodiscard]] base::result<cache::purge_record> write_removal(sqlite_tables& file, const base::digest256& digest);
  /// The record is in the file: from now on it kills, and a sweep begins.
  void made(const cache::purge_record& record);

  /// Learns what other processes have written, writes what the book has from elsewhere (made while the file was away,
  /// or in another store), forgets what is over.
  [[nodiscard]] base::result<void> poll(sqlite_tables& file);

  [[nodiscard]] bool sweeping() const noexcept { return sweeping_; }
  /// Looks at a few hundred rows and removes the dead: how many.
  [[nodiscard]] base::result<std::int64_t> sweep(sqlite_tables& file);

 private:
  [[nodiscard]] base::result<void> keep(sqlite_tables& file, const cache::purge_record& record);
  [[nodiscard]] base::result<void> write_others(sqlite_tables& file);
  [[nodiscard]] base::result<void> learn(sqlite_tables& file);
  [[nodiscard]] bool is_dead(const swept_row& row) const;

  const store_options& options_;
  std::int64_t last_read_ = 0;            ///< row of the last record read
  std::optional<std::int64_t> swept_to_;  ///< row of the last entry looked at
  std::uint64_t sweep_number_ = 0;        ///< the current number when this sweep began
  bool sweeping_ = false;
  std::vector<cache::purge_record> in_file_;  ///< the records read from it
};

}  // namespace refrain::store
