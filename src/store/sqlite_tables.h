#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/sqlite.h"
#include "store/space_plan.h"
#include "store/sqlite_row.h"

namespace refrain::store {

/// Pages of the file, those of its log that are not written back yet included.
struct file_space {
  std::uint64_t page_size = 0;
  std::uint64_t pages = 0;
  std::uint64_t free_pages = 0;

  [[nodiscard]] std::uint64_t used_bytes() const noexcept { return (pages - free_pages) * page_size; }
  [[nodiscard]] std::uint64_t file_bytes() const noexcept { return pages * page_size; }
};

/// What the entries of one type take.
struct type_size {
  std::int64_t type = 0;  ///< entry::cache_type
  std::int64_t entries = 0;
  std::int64_t bytes = 0;  ///< of bodies before sealing, and of metas
};

/// A kept purge record, still sealed.
struct purge_row {
  std::int64_t id = 0;  ///< in the order of their making
  std::string record;
};

/// A row of an entry, and what it counts for in the sizes.
struct counted_row {
  std::int64_t id = 0;
  std::int64_t type = 0;
  std::int64_t bytes = 0;
};

/// One row on a sweep through all entries.
struct swept_row {
  counted_row row;
  std::string digest;
  std::string meta;
};

/// Everything that is written to the store's file, and what its writer reads: one method a statement, which is compiled
/// once. For the writer's thread alone. Entries are put and erased within a transaction, which brings the sizes of
/// their types up to date at its end.
class sqlite_tables {
 public:
  [[nodiscard]] static base::result<sqlite_tables> open(db::database connection, const space_plan& plan);

  /// Within: all that is done until `commit` is done together, or not at all.
  [[nodiscard]] base::result<db::transaction> begin();
  [[nodiscard]] base::result<void> commit(db::transaction& all);

  /// 1 where the row is new, 0 where it took another's place.
  [[nodiscard]] base::result<std::int64_t> put(const entry_row& row, std::int64_t now);
  /// Rows removed; only the row with that checksum where one is given.
  [[nodiscard]] base::result<std::int64_t> erase(const base::digest256& digest, std::optional<std::int64_t> checksum);
  [[nodiscard]] base::result<void> erase(const counted_row& row);
  [[nodiscard]] base::result<void> touch(const base::digest256& digest, std::int64_t now);
  /// Removes at most `most`, in a transaction of its own: how many.
  [[nodiscard]] base::result<std::int64_t> remove_expired(std::int64_t until, std::int64_t most);
  /// The same with those last used the longest ago, until so many bytes are free or `most` are gone; at least one.
  [[nodiscard]] base::result<std::int64_t> evict(std::uint64_t bytes, std::int64_t most);
  [[nodiscard]] base::result<std::vector<type_size>> sizes();
  /// In the order of ids, behind `after`.
  [[nodiscard]] base::result<std::vector<swept_row>> rows_after(std::optional<std::int64_t> after, std::int64_t most);

  /// Adds to a counter that is there; false where it is not.
  [[nodiscard]] base::result<bool> add(std::int64_t day, std::string_view key, std::int64_t amount);
  [[nodiscard]] base::result<void> begin_counter(std::int64_t day, std::string_view key, std::string_view name,
                                                 std::int64_t amount);
  /// Bytes of all counters' names and keys, with what a row takes beside them.
  [[nodiscard]] base::result<std::int64_t> counter_bytes();
  /// Removes the counters of the oldest day before `day`: how many.
  [[nodiscard]] base::result<std::int64_t> remove_oldest_counters(std::int64_t day);

  [[nodiscard]] base::result<void> add_purge(std::uint64_t number, std::int64_t until, std::string_view record);
  [[nodiscard]] base::result<std::vector<purge_row>> purges_after(std::int64_t id);
  [[nodiscard]] base::result<void> remove_purges(std::int64_t until);

  /// Named numbers that outlive everything else; 0 where never set.
  [[nodiscard]] base::result<std::int64_t> state(std::string_view name);
  /// Sets it where it was lower.
  [[nodiscard]] base::result<void> raise_state(std::string_view name, std::int64_t value);

  [[nodiscard]] base::result<file_space> space();
  /// Gives free pages at the end of the file back to the disk.
  [[nodiscard]] base::result<void> shrink(std::int64_t pages);
  [[nodiscard]] base::result<void> cut_log() { return connection_.cut_log(); }

 private:
  struct statements {
    db::statement put, row_of, erase, touch, expired, oldest, sizes, resize, first_rows, rows_after, add, begin_counter,
        counter_bytes, remove_counters, add_purge, purges_after, remove_purges, state, raise_state, space;
  };

  sqlite_tables(db::database connection, statements compiled)
      : connection_(std::move(connection)), sql_(std::move(compiled)) {}

  template <class Find>
  [[nodiscard]] base::result<std::int64_t> erase_found(Find find);
  void count(const counted_row& row, std::int64_t sign);

  db::database connection_;
  statements sql_;
  std::vector<type_size> changes_;  ///< what the transaction under way does to the sizes
};

}  // namespace refrain::store
