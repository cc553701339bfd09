#include "store/sqlite_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace refrain::store {
namespace {

constexpr std::uint64_t page_bytes = 8192;
/// Digests come in no order: with less, pages of their index are read back for nearly every entry that is written.
constexpr unsigned cache_kib = 16 << 10;

/// Whether it was done, for those who do not count rows.
base::result<void> whether_done(const base::result<std::int64_t>& changed) {
  if (!changed) return base::fail(changed.error());
  return {};
}

/// Of a query whose first columns are these.
counted_row counted(const db::statement& row) {
  return {.id = row.number(0), .type = row.number(1), .bytes = row.number(2)};
}

}  // namespace

base::result<sqlite_tables> sqlite_tables::open(db::database connection, const space_plan& plan) {
  auto bounded = connection.execute(
      fmt::format("PRAGMA max_page_count = {}; PRAGMA wal_autocheckpoint = {}; PRAGMA journal_size_limit = {}; "
                  "PRAGMA cache_size = -{}",
                  plan.file_bytes / page_bytes, plan.checkpoint / page_bytes + 1, plan.log_bytes, cache_kib));
  if (!bounded) return base::fail(bounded.error());

  statements sql;
  const std::pair<db::statement*, const char*> texts[] = {
      {&sql.put,
       "INSERT OR IGNORE INTO entries(digest, stored_at, expires_at, used_at, size, checksum, meta, body, type) "
       "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"},
      {&sql.row_of, "SELECT id, type, size + length(meta), checksum FROM entries WHERE digest = ?1"},
      {&sql.erase, "DELETE FROM entries WHERE id = ?1"},
      {&sql.touch, "UPDATE entries SET used_at = ?2 WHERE digest = ?1"},
      {&sql.expired, "SELECT id, type, size + length(meta) FROM entries WHERE expires_at <= ?1 LIMIT ?2"},
      {&sql.oldest, "SELECT id, type, size + length(meta) FROM entries ORDER BY used_at LIMIT ?1"},
      {&sql.sizes, "SELECT type, entries, bytes FROM sizes"},
      {&sql.resize,
       "INSERT INTO sizes VALUES(?1, ?2, ?3) "
       "ON CONFLICT DO UPDATE SET entries = entries + excluded.entries, bytes = bytes + excluded.bytes"},
      {&sql.first_rows, "SELECT id, type, size + length(meta), digest, meta FROM entries ORDER BY id LIMIT ?1"},
      {&sql.rows_after,
       "SELECT id, type, size + length(meta), digest, meta FROM entries WHERE id > ?2 ORDER BY id LIMIT ?1"},
      {&sql.add, "UPDATE counters SET amount = amount + ?3 WHERE day = ?1 AND key = ?2"},
      {&sql.begin_counter, "INSERT INTO counters VALUES(?1, ?2, ?3, ?4)"},
      {&sql.counter_bytes, "SELECT coalesce(sum(length(key) + length(name) + 32), 0) FROM counters"},
      {&sql.remove_counters,
       "DELETE FROM counters WHERE day = (SELECT day FROM counters WHERE day < ?1 ORDER BY day LIMIT 1)"},
      {&sql.add_purge, "INSERT INTO purges(number, until, record) VALUES(?1, ?2, ?3)"},
      {&sql.purges_after, "SELECT id, record FROM purges WHERE id > ?1 ORDER BY id"},
      {&sql.remove_purges, "DELETE FROM purges WHERE until <= ?1"},
      {&sql.state, "SELECT value FROM state WHERE name = ?1"},
      {&sql.raise_state,
       "INSERT INTO state VALUES(?1, ?2) ON CONFLICT DO UPDATE SET value = max(value, excluded.value)"},
      {&sql.space,
       "SELECT page_size, page_count, freelist_count FROM pragma_page_size, pragma_page_count, pragma_freelist_count"},
  };
  for (const auto& [into, text] : texts) {
    auto compiled = connection.prepare(text);
    if (!compiled) return base::fail(compiled.error());
    *into = std::move(*compiled);
  }
  return sqlite_tables{std::move(connection), std::move(sql)};
}

base::result<db::transaction> sqlite_tables::begin() {
  changes_.clear();
  return db::transaction::begin(connection_);
}

base::result<void> sqlite_tables::commit(db::transaction& all) {
  for (const auto& one : changes_) {
    const auto changed = sql_.resize.bind(one.type, one.entries, one.bytes).run();
    if (!changed) return base::fail(changed.error());
  }
  return all.commit();
}

void sqlite_tables::count(const counted_row& row, std::int64_t sign) {
  auto at = std::ranges::find(changes_, row.type, &type_size::type);
  if (at == changes_.end()) at = changes_.insert(at, {.type = row.type});
  at->entries += sign;
  at->bytes += sign * row.bytes;
}

base::result<std::int64_t> sqlite_tables::put(const entry_row& row, std::int64_t now) {
  const auto insert = [&] {
    return sql_.put
        .bind(row.digest.view(), row.stored_at, row.expires_at, now, row.size, row.checksum, std::string_view{row.meta},
              std::string_view{row.body}, row.type)
        .run();
  };
  auto added = insert();
  if (!added) return added;
  const bool replaces = *added == 0;  // nearly never: so the other is not looked for beforehand
  if (replaces) {
    if (auto erased = erase(row.digest, std::nullopt); !erased) return erased;
    if (added = insert(); !added) return added;
  }
  count({.type = row.type, .bytes = row.size + static_cast<std::int64_t>(row.meta.size())}, 1);
  return replaces ? 0 : 1;
}

base::result<std::int64_t> sqlite_tables::erase(const base::digest256& digest, std::optional<std::int64_t> checksum) {
  counted_row old;
  {
    const db::scoped_reset at_end(sql_.row_of);
    const auto there = sql_.row_of.bind(digest.view()).step();
    if (!there) return base::fail(there.error());
    if (!*there || (checksum && sql_.row_of.number(3) != *checksum)) return 0;
    old = counted(sql_.row_of);
  }
  if (auto erased = erase(old); !erased) return base::fail(erased.error());
  return 1;
}

base::result<void> sqlite_tables::erase(const counted_row& row) {
  const auto erased = sql_.erase.bind(row.id).run();
  if (erased && *erased > 0) count(row, -1);
  return whether_done(erased);
}

base::result<void> sqlite_tables::touch(const base::digest256& digest, std::int64_t now) {
  return whether_done(sql_.touch.bind(digest.view(), now).run());
}

/// Finds them within the transaction: other processes write too.
template <class Find>
base::result<std::int64_t> sqlite_tables::erase_found(Find find) {
  auto all = begin();
  if (!all) return base::fail(all.error());
  const auto rows = find();
  if (!rows) return base::fail(rows.error());
  for (const auto& row : *rows) {
    if (auto erased = erase(row); !erased) return base::fail(erased.error());
  }
  if (auto done = commit(*all); !done) return base::fail(done.error());
  return static_cast<std::int64_t>(rows->size());
}

base::result<std::int64_t> sqlite_tables::remove_expired(std::int64_t until, std::int64_t most) {
  // Seldom is there one, and nobody shall wait for the lock for nothing.
  const auto any = sql_.expired.bind(until, std::int64_t{1}).rows(counted);
  if (!any) return base::fail(any.error());
  if (any->empty()) return 0;
  return erase_found([&] { return sql_.expired.bind(until, most).rows(counted); });
}

base::result<std::int64_t> sqlite_tables::evict(std::uint64_t bytes, std::int64_t most) {
  const auto find = [&]() -> base::result<std::vector<counted_row>> {
    std::vector<counted_row> rows;
    const db::scoped_reset at_end(sql_.oldest);
    sql_.oldest.bind(most);
    for (std::uint64_t freed = 0; rows.empty() || freed < bytes;) {
      const auto row = sql_.oldest.step();
      if (!row) return base::fail(row.error());
      if (!*row) break;
      rows.push_back(counted(sql_.oldest));
      freed += static_cast<std::uint64_t>(rows.back().bytes);
    }
    return rows;
  };
  return erase_found(find);
}

base::result<std::vector<type_size>> sqlite_tables::sizes() {
  return sql_.sizes.rows([](const db::statement& row) {
    return type_size{.type = row.number(0), .entries = row.number(1), .bytes = row.number(2)};
  });
}

base::result<std::vector<swept_row>> sqlite_tables::rows_after(std::optional<std::int64_t> after, std::int64_t most) {
  db::statement& query = after ? sql_.rows_after.bind(most, *after) : sql_.first_rows.bind(most);
  return query.rows([](const db::statement& row) {
    return swept_row{counted(row), std::string(row.bytes(3)), std::string(row.bytes(4))};
  });
}

base::result<bool> sqlite_tables::add(std::int64_t day, std::string_view key, std::int64_t amount) {
  const auto changed = sql_.add.bind(day, key, amount).run();
  if (!changed) return base::fail(changed.error());
  return *changed > 0;
}

base::result<void> sqlite_tables::begin_counter(std::int64_t day, std::string_view key, std::string_view name,
                                                std::int64_t amount) {
  return whether_done(sql_.begin_counter.bind(day, key, name, amount).run());
}

base::result<std::int64_t> sqlite_tables::counter_bytes() { return sql_.counter_bytes.value(); }

base::result<std::int64_t> sqlite_tables::remove_oldest_counters(std::int64_t day) {
  return sql_.remove_counters.bind(day).run();
}

base::result<void> sqlite_tables::add_purge(std::uint64_t number, std::int64_t until, std::string_view record) {
  return whether_done(sql_.add_purge.bind(static_cast<std::int64_t>(number), until, record).run());
}

base::result<std::vector<purge_row>> sqlite_tables::purges_after(std::int64_t id) {
  return sql_.purges_after.bind(id).rows(
      [](const db::statement& row) { return purge_row{row.number(0), std::string(row.bytes(1))}; });
}

base::result<void> sqlite_tables::remove_purges(std::int64_t until) {
  return whether_done(sql_.remove_purges.bind(until).run());
}

base::result<std::int64_t> sqlite_tables::state(std::string_view name) { return sql_.state.bind(name).value(); }

base::result<void> sqlite_tables::raise_state(std::string_view name, std::int64_t value) {
  return whether_done(sql_.raise_state.bind(name, value).run());
}

base::result<file_space> sqlite_tables::space() {
  const db::scoped_reset at_end(sql_.space);
  if (const auto row = sql_.space.step(); !row) return base::fail(row.error());
  const auto column = [&](int at) { return static_cast<std::uint64_t>(sql_.space.number(at)); };
  return file_space{.page_size = column(0), .pages = column(1), .free_pages = column(2)};
}

base::result<void> sqlite_tables::shrink(std::int64_t pages) {
  return connection_.execute(fmt::format("PRAGMA incremental_vacuum({})", pages));
}

}  // namespace refrain::store
