#include "db/sqlite.h"

#include <sqlite3.h>

namespace refrain::db {
namespace {

constexpr int busy_timeout_ms = 2000;

base::errc code_of(int status) {
  switch (status & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return base::errc::store_corrupt;
    case SQLITE_FULL: return base::errc::store_full;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return base::errc::store_unavailable;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_PROTOCOL:
    case SQLITE_NOMEM: return base::errc::io;
    default: return base::errc::internal;
  }
}

std::unexpected<base::error> failure(sqlite3* handle, int status) {
  const auto code = code_of(status);
  std::string words = handle == nullptr ? sqlite3_errstr(status) : sqlite3_errmsg(handle);
  return base::fail(code, "SQLite: " + std::move(words), code == base::errc::store_unavailable);
}

}  // namespace

void statement::finalize::operator()(sqlite3_stmt* handle) const noexcept { sqlite3_finalize(handle); }

void statement::bind_one(int at, std::int64_t value) noexcept { sqlite3_bind_int64(handle_.get(), at, value); }

void statement::bind_one(int at, std::string_view bytes) noexcept {
  // A null pointer would bind NULL.
  const char* const from = bytes.data() == nullptr ? "" : bytes.data();
  sqlite3_bind_blob64(handle_.get(), at, from, bytes.size(), SQLITE_STATIC);
}

base::result<bool> statement::step() {
  const int status = sqlite3_step(handle_.get());
  if (status == SQLITE_ROW) return true;
  if (status == SQLITE_DONE) return false;
  return failure(sqlite3_db_handle(handle_.get()), status);
}

base::result<std::int64_t> statement::run() {
  const scoped_reset at_end(*this);
  for (;;) {
    if (!TRY(step())) return sqlite3_changes64(sqlite3_db_handle(handle_.get()));
  }
}

base::result<std::int64_t> statement::value() {
  const scoped_reset at_end(*this);
  const auto row = TRY(step());
  return row ? number(0) : 0;
}

void statement::reset() noexcept {
  sqlite3_reset(handle_.get());
  sqlite3_clear_bindings(handle_.get());
}

std::int64_t statement::number(int column) const noexcept { return sqlite3_column_int64(handle_.get(), column); }

std::string_view statement::bytes(int column) const noexcept {
  const auto* from = static_cast<const char*>(sqlite3_column_blob(handle_.get(), column));
  const int size = sqlite3_column_bytes(handle_.get(), column);
  return from == nullptr ? std::string_view{} : std::string_view{from, static_cast<std::size_t>(size)};
}

void database::close::operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }

base::result<database> database::open(const std::string& path, access mode, log_at_close log) {
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (mode == access::create ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE);
  sqlite3* handle = nullptr;
  const int status = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  database opened{handle};
  if (status != SQLITE_OK) return failure(handle, status);

  sqlite3_busy_timeout(handle, busy_timeout_ms);
  // The last connection to close removes the log by its name. Where the file has been moved aside meanwhile, that name
  // is another file's log: so it is not removed but where nobody moves the file.
  int keep = log == log_at_close::stays ? 1 : 0;
  sqlite3_file_control(handle, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
  if (mode == access::read) TRY(opened.execute("PRAGMA query_only = 1"));
  return opened;
}

base::result<void> database::execute(const std::string& sql) {
  const int status = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (status != SQLITE_OK) return failure(handle_.get(), status);
  return {};
}

base::result<statement> database::prepare(std::string_view sql) {
  sqlite3_stmt* compiled = nullptr;
  const int status = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &compiled, nullptr);
  if (status != SQLITE_OK) return failure(handle_.get(), status);
  return statement{compiled};
}

base::result<std::int64_t> database::number(std::string_view sql) {
  auto query = TRY(prepare(sql));
  return query.value();
}

base::result<std::string> database::text(std::string_view sql) {
  auto query = TRY(prepare(sql));
  const auto row = TRY(query.step());
  return row ? std::string(query.bytes(0)) : std::string{};
}

base::result<void> database::cut_log() {
  const int status = sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  if (status != SQLITE_OK) return failure(handle_.get(), status);
  return {};
}

base::result<transaction> transaction::begin(database& in) {
  TRY(in.execute("BEGIN IMMEDIATE"));
  return transaction{in};
}

transaction::~transaction() {
  // After some errors SQLite has rolled back by itself; there is nothing to say about that.
  if (in_ != nullptr) static_cast<void>(in_->execute("ROLLBACK"));
}

base::result<void> transaction::commit() {
  auto done = in_->execute("COMMIT");
  if (done) in_ = nullptr;
  return done;
}

}  // namespace refrain::db
