#include "store/sqlite_schema.h"

#include <fmt/format.h>

#include <array>
#include <span>
#include <string>

namespace refrain::store {
namespace {

// Small columns stand first, so that reading them never follows the chain of a large body.
constexpr const char* tables = R"sql(
CREATE TABLE entries(
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL,
  stored_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  size INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  type INTEGER NOT NULL,
  meta BLOB NOT NULL,
  body BLOB NOT NULL
);
CREATE INDEX entries_by_expiry ON entries(expires_at);
CREATE INDEX entries_by_use ON entries(used_at);
CREATE UNIQUE INDEX entries_by_digest ON entries(digest);
CREATE TABLE sizes(
  type INTEGER PRIMARY KEY,
  entries INTEGER NOT NULL,
  bytes INTEGER NOT NULL
);
CREATE TABLE purges(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  number INTEGER NOT NULL,
  until INTEGER NOT NULL,
  record BLOB NOT NULL
);
CREATE TABLE counters(
  day INTEGER NOT NULL,
  key BLOB NOT NULL,
  name BLOB NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY(day, key)
) WITHOUT ROWID;
CREATE TABLE state(
  name BLOB PRIMARY KEY,
  value INTEGER NOT NULL
) WITHOUT ROWID;
)sql";

// Schema 2: what each type of entry takes, so that nobody has to count rows.
constexpr const char* to_second = R"sql(
ALTER TABLE entries ADD COLUMN type INTEGER NOT NULL DEFAULT 0;
CREATE TABLE sizes(
  type INTEGER PRIMARY KEY,
  entries INTEGER NOT NULL,
  bytes INTEGER NOT NULL
);
INSERT INTO sizes SELECT type, count(*), sum(size + length(meta)) FROM entries GROUP BY type;
)sql";

// Schema 3: rows in the order in which they are written, found by an index of their digests. Keyed by the digest, as
// before, each row was written to a page of its own somewhere in the file. Rows of that time keep their ids.
constexpr const char* to_third = "CREATE UNIQUE INDEX entries_by_digest ON entries(digest);";

// Schema 4: the writer keeps the sizes. For a statement that sets off a trigger, as they were kept before, SQLite notes
// every page that it changes as it was, so that as much was written once more. Rows are listed in the order of their
// writing, for which no index is needed.
constexpr const char* to_fourth = R"sql(
DROP TRIGGER IF EXISTS entry_added;
DROP TRIGGER IF EXISTS entry_removed;
DROP INDEX IF EXISTS entries_by_time;
)sql";

constexpr std::array upgrades{to_second, to_third, to_fourth};
static_assert(upgrades.size() + 1 == schema_version);

base::result<void> judge_owner(std::int64_t owner, std::int64_t version, std::int64_t existing_tables) {
  if (owner != application_id && existing_tables > 0) {
    return base::fail(base::errc::bad_config, "the file is another program's database; give store.url another path");
  }
  if (owner == application_id && version > schema_version) {
    return base::fail(base::errc::bad_config,
                      fmt::format("the file was made by a newer version of Refrain (schema {}, this one knows {}); use "
                                  "that version, or give store.url another path",
                                  version, schema_version));
  }
  return {};
}

base::result<void> bring_up_to_date(db::database& file) {
  auto all = db::transaction::begin(file);
  if (!all) return base::fail(all.error());
  // Another process may have made them while this one waited for the lock.
  const auto version = file.number("PRAGMA user_version");
  if (!version) return base::fail(version.error());
  if (*version >= schema_version) return {};
  std::string sql;
  if (*version == 0) {
    sql = fmt::format("{} PRAGMA application_id = {};", tables, application_id);
  } else {
    for (const auto* const step : std::span{upgrades}.subspan(static_cast<std::size_t>(*version) - 1)) sql += step;
  }
  if (auto made = file.execute(sql + fmt::format("PRAGMA user_version = {}", schema_version)); !made) return made;
  return all->commit();
}

/// A damaged page shows here rather than under the first request.
base::result<void> probe(db::database& file) {
  for (const auto* query :
       {"SELECT count(*) FROM (SELECT 1 FROM entries LIMIT 1)", "SELECT count(*) FROM (SELECT 1 FROM purges LIMIT 1)",
        "SELECT count(*) FROM (SELECT 1 FROM counters LIMIT 1)", "SELECT count(*) FROM (SELECT 1 FROM state LIMIT 1)",
        "SELECT count(*) FROM sizes"}) {
    const auto read = file.number(query);
    // A table that is not there although the version says so.
    if (!read) return base::fail(base::errc::store_corrupt, read.error().context);
  }
  return {};
}

}  // namespace

base::result<void> prepare_schema(db::database& file) {
  // The first two take effect only before the first table. The last spares a new file some waits for the disk: should
  // power fail just then, nothing is lost but an empty file.
  auto done = file.execute("PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA synchronous = OFF");
  if (!done) return done;
  const auto owner = file.number("PRAGMA application_id");
  if (!owner) return base::fail(owner.error());
  const auto version = file.number("PRAGMA user_version");
  if (!version) return base::fail(version.error());
  const auto existing = file.number("SELECT count(*) FROM sqlite_schema");
  if (!existing) return base::fail(existing.error());
  if (auto ours = judge_owner(*owner, *version, *existing); !ours) return ours;

  const auto mode = file.text("PRAGMA journal_mode = WAL");
  if (!mode) return base::fail(mode.error());
  if (*mode != "wal") {
    return base::fail(base::errc::bad_config,
                      "this file system cannot hold a write-ahead log; give store.url a path on a local disk");
  }
  if (*version < schema_version) {
    done = bring_up_to_date(file);
    if (!done) return done;
  }
  done = file.execute("PRAGMA synchronous = NORMAL");
  if (!done) return done;
  return probe(file);
}

}  // namespace refrain::store
