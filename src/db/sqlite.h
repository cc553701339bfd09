#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace refrain::db {

/// A prepared statement. Belongs to one thread at a time, as its database does, and must not outlive it.
class statement {
 public:
  statement() = default;

  /// Binds parameters 1 to n. Bytes are not copied: they must live until the statement is reset.
  template <class... Values>
  statement& bind(const Values&... values) {
    int at = 0;
    (bind_one(++at, values), ...);
    return *this;
  }

  /// Runs to the next row: true where there is one, false at the end.
  [[nodiscard]] base::result<bool> step();

  /// Runs to the end, and makes it ready for the next time: how many rows it has changed.
  [[nodiscard]] base::result<std::int64_t> run();

  /// The first column of the first row, 0 where there is none; then it is ready for the next time.
  [[nodiscard]] base::result<std::int64_t> value();

  /// What `make` makes of each row, to the end; then it is ready for the next time.
  template <class Make>
  [[nodiscard]] auto rows(Make make) -> base::result<std::vector<decltype(make(*this))>>;

  /// Ends the read transaction it may hold, and lets go of what is bound.
  void reset() noexcept;

  /// Columns of the row at hand, from 0. Bytes live until the next step or reset.
  [[nodiscard]] std::int64_t number(int column) const noexcept;
  [[nodiscard]] std::string_view bytes(int column) const noexcept;

 private:
  friend class database;
  struct finalize {
    void operator()(sqlite3_stmt* handle) const noexcept;
  };

  explicit statement(sqlite3_stmt* handle) : handle_(handle) {}
  void bind_one(int at, std::int64_t value) noexcept;
  void bind_one(int at, std::string_view bytes) noexcept;

  std::unique_ptr<sqlite3_stmt, finalize> handle_;
};

/// Resets a statement at the end of a scope.
class scoped_reset {
 public:
  explicit scoped_reset(statement& used) : used_(used) {}
  ~scoped_reset() { used_.reset(); }
  scoped_reset(const scoped_reset&) = delete;
  scoped_reset& operator=(const scoped_reset&) = delete;

 private:
  statement& used_;
};

template <class Make>
auto statement::rows(Make make) -> base::result<std::vector<decltype(make(*this))>> {
  const scoped_reset at_end(*this);
  std::vector<decltype(make(*this))> all;
  while (true) {
    const auto row = step();
    if (!row) return base::fail(row.error());
    if (!*row) return all;
    all.push_back(make(*this));
  }
}

enum class access : std::uint8_t {
  create,  ///< reads and writes; makes the file where there is none
  change,  ///< reads and writes; the file must be there
  read,    ///< reads alone; the file must be there
};

/// What becomes of the write-ahead log when the last connection closes.
enum class log_at_close : std::uint8_t { stays, goes };

/// One connection to an SQLite file, for one thread at a time. Errors carry SQLite's own words: store_corrupt for a
/// damaged file, store_full for a full disk or a reached page bound, store_unavailable (retry) for a busy one, io for
/// the rest of the outside world.
class database {
 public:
  [[nodiscard]] static base::result<database> open(const std::string& path, access mode,
                                                   log_at_close log = log_at_close::stays);

  /// Runs statements that give no rows.
  [[nodiscard]] base::result<void> execute(const std::string& sql);

  /// Compiles a statement that is used again and again.
  [[nodiscard]] base::result<statement> prepare(std::string_view sql);

  /// The first column of the first row, 0 or empty where there is none.
  [[nodiscard]] base::result<std::int64_t> number(std::string_view sql);
  [[nodiscard]] base::result<std::string> text(std::string_view sql);

  /// Writes the log back into the file and empties it; waits for readers up to the busy timeout.
  [[nodiscard]] base::result<void> cut_log();

 private:
  struct close {
    void operator()(sqlite3* handle) const noexcept;
  };

  explicit database(sqlite3* handle) : handle_(handle) {}

  std::unique_ptr<sqlite3, close> handle_;
};

/// A write transaction: rolled back unless committed.
class transaction {
 public:
  /// Takes the write lock at once, so that it cannot fail halfway for being busy.
  [[nodiscard]] static base::result<transaction> begin(database& in);
  transaction(transaction&& other) noexcept : in_(std::exchange(other.in_, nullptr)) {}
  transaction& operator=(transaction&&) = delete;
  ~transaction();

  [[nodiscard]] base::result<void> commit();

 private:
  explicit transaction(database& in) : in_(&in) {}
  database* in_;
};

}  // namespace refrain::db
