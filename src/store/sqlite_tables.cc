#include "store/sqlite_tables.h"

#include <fmt/format.h>

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
       "INSERT INTO entries(digest, stored_at, expires_at, used_at, size, checksum, meta, body, type) "
       "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"},
      {&sql.erase, "DELETE FROM entries WHERE digest = ?1"},
      {&sql.erase_exact, "DELETE FROM entries WHERE digest = ?1 AND checksum = ?2"},
      {&sql.erase_id, "DELETE FROM entries WHERE id = ?1"},
      {&sql.touch, "UPDATE entries SET used_at = ?2 WHERE digest = ?1"},
      {&sql.remove_expired, "DELETE FROM entries WHERE id IN (SELECT id FROM entries WHERE expires_at <= ?1 LIMIT ?2)"},
      {&sql.oldest, "SELECT id, size + length(meta) FROM entries ORDER BY used_at LIMIT ?1"},
      {&sql.sizes, "SELECT type, entries, bytes FROM sizes"},
      {&sql.first_rows, "SELECT id, digest, meta FROM entries ORDER BY id LIMIT ?1"},
      {&sql.rows_after, "SELECT id, digest, meta FROM entries WHERE id > ?2 ORDER BY id LIMIT ?1"},
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

base::result<std::int64_t> sqlite_tables::put(const entry_row& row, std::int64_t now) {
  const auto replaced = sql_.erase.bind(row.digest.view()).run();
  if (!replaced) return replaced;
  sql_.put.bind(row.digest.view(), row.stored_at, row.expires_at, now, row.size, row.checksum,
                std::string_view{row.meta}, std::string_view{row.body}, row.type);
  auto rows = sql_.put.run();
  if (rows) *rows -= *replaced;
  return rows;
}

base::result<std::int64_t> sqlite_tables::erase(const base::digest256& digest, std::optional<std::int64_t> checksum) {
  if (checksum) return sql_.erase_exact.bind(digest.view(), *checksum).run();
  return sql_.erase.bind(digest.view()).run();
}

base::result<void> sqlite_tables::erase(std::int64_t id) { return whether_done(sql_.erase_id.bind(id).run()); }

base::result<void> sqlite_tables::touch(const base::digest256& digest, std::int64_t now) {
  return whether_done(sql_.touch.bind(digest.view(), now).run());
}

base::result<std::int64_t> sqlite_tables::remove_expired(std::int64_t until, std::int64_t most) {
  return sql_.remove_expired.bind(until, most).run();
}

base::result<std::int64_t> sqlite_tables::evict(std::uint64_t bytes, std::int64_t most) {
  std::vector<std::int64_t> ids;
  {
    const db::scoped_reset at_end(sql_.oldest);
    sql_.oldest.bind(most);
    for (std::uint64_t freed = 0; ids.empty() || freed < bytes;) {
      const auto row = sql_.oldest.step();
      if (!row) return base::fail(row.error());
      if (!*row) break;
      ids.push_back(sql_.oldest.number(0));
      freed += static_cast<std::uint64_t>(sql_.oldest.number(1));
    }
  }
  auto all = begin();
  if (!all) return base::fail(all.error());
  for (const auto id : ids) {
    if (auto erased = erase(id); !erased) return base::fail(erased.error());
  }
  if (auto done = all->commit(); !done) return base::fail(done.error());
  return static_cast<std::int64_t>(ids.size());
}

base::result<std::vector<type_size>> sqlite_tables::sizes() {
  return sql_.sizes.rows([](const db::statement& row) {
    return type_size{.type = row.number(0), .entries = row.number(1), .bytes = row.number(2)};
  });
}

base::result<std::vector<swept_row>> sqlite_tables::rows_after(std::optional<std::int64_t> after, std::int64_t most) {
  db::statement& query = after ? sql_.rows_after.bind(most, *after) : sql_.first_rows.bind(most);
  return query.rows([](const db::statement& row) {
    return swept_row{row.number(0), std::string(row.bytes(1)), std::string(row.bytes(2))};
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
