#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "db/sqlite.h"
#include "entry/store.h"
#include "store/options.h"
#include "store/sqlite_row.h"

namespace refrain::store {

/// What a look at one row gave.
struct row_found {
  enum class state : std::uint8_t {
    absent,
    large,    ///< there, but its body is over the limit that was given; not read
    damaged,  ///< there, but does not agree with itself: to be removed
    sealed,   ///< there, but under another secret
    good,
  };
  state what = state::absent;
  entry::entry_ptr entry;
  std::int64_t used_at = 0;
  std::int64_t checksum = 0;  ///< tells the row from one that replaced it
};

/// Read connections to the store's file, as many as threads read at once. Any thread. When the file is replaced by a
/// new one, connections to the old are closed as they come back.
class sqlite_reader {
 public:
  /// `log`: as the writer's connection has it.
  sqlite_reader(std::string path, const store_options& options, db::log_at_close log);
  ~sqlite_reader();

  /// The row of a digest, with a body of at most `largest` bytes.
  [[nodiscard]] base::result<row_found> row(const base::digest256& digest, std::uint64_t largest);

  /// Metas that match, newest first.
  [[nodiscard]] base::result<entry::entry_page> list(const entry::selector& wanted, const std::string& cursor,
                                                     std::size_t limit);

  /// Whether some of the entries that were last used the longest ago need a secret that is not at hand.
  [[nodiscard]] bool holds_other_seals();

  /// All counters from that day on, one row a day and name.
  [[nodiscard]] base::result<entry::counter_deltas> counters(std::int64_t first_day);

  /// From now on connections are made anew; while `closed`, every read fails with store_unavailable.
  void reopen(bool closed);

 private:
  struct connection;
  /// At the end of a read.
  struct give_back {
    sqlite_reader* from;
    void operator()(connection* one) const;
  };
  using lease = std::unique_ptr<connection, give_back>;

  [[nodiscard]] base::result<lease> borrow();
  [[nodiscard]] base::result<lease> connect(std::uint64_t generation);
  [[nodiscard]] bool shows(const entry::meta& about, const entry::selector& wanted) const;

  const std::string path_;
  const store_options& options_;
  const db::log_at_close log_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<connection>> idle_;  ///< guarded by mutex_
  std::atomic<std::uint64_t> generation_{0};
  std::atomic<bool> closed_{false};
};

}  // namespace refrain::store
