#include "store/sqlite_tables.h"

#include <fmt/format.h>

#include <utility>

namespace refrain::store {
namespace {

constexpr std::uint64_t page_bytes = 8192;
constexpr std::int64_t most_evicted = 1000;

base::result<void> nothing(base::result<std::int64_t> changed) {
  if (!changed) return base::fail(std::move(changed).error());
  return {};
}

}  // namespace

base::result<sqlite_tables> sqlite_tables::open(db::database connection, const space_plan& plan) {
  auto bounded = connection.execute(
      fmt::format("PRAGMA max_page_count = {}; PRAGMA wal_autocheckpoint = {}; PRAGMA journal_size_limit = {}",
                  plan.file_bytes / page_bytes, plan.checkpoint / page_bytes + 1, plan.log_bytes));
  if (!bounded) return base::fail(bounded.error());

  statements sql;
  const std::pair<db::statement*, const char*> texts[] = {
      {&sql.put, "INSERT INTO entries VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"},
      {&sql.erase, "DELETE FROM entries WHERE id = ?1 AND digest = ?2"},
      {&sql.erase_exact, "DELETE FROM entries WHERE id = ?1 AND checksum = ?2"},
      {&sql.erase_id, "DELETE FROM entries WHERE id = ?1"},
      {&sql.touch, "UPDATE entries SET used_at = ?2 WHERE id = ?1"},
      {&sql.remove_expired, "DELETE FROM entries WHERE id IN (SELECT id FROM entries WHERE expires_at <= ?1 LIMIT ?2)"},
      {&sql.oldest, "SELECT id, size + length(meta) FROM entries ORDER BY used_at LIMIT ?1"},
      {&sql.sizes, "SELECT type, entries, bytes FROM sizes"},
      {&sql.first_rows, "SELECT id, digest, meta FROM entries ORDER BY id LIMIT ?1"},
      {&sql.rows_after, "SELECT id, digest, meta FROM entries WHERE id > ?2 ORDER BY id LIMIT ?1"},
      {&sql.add,
       "INSERT INTO counters VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET amount = amount + excluded.amount"},
      {&sql.add_purge, "INSERT INTO purges(number, until, record) VALUES(?1, ?2, ?3)"},
      {&sql.purges_after, "SELECT id, record FROM purges WHERE id > ?1 ORDER BY id"},
      {&sql.remove_purges, "DELETE FROM purges WHERE until <= ?1"},
      {&sql.state, "SELECT value FROM state WHERE name = ?1"},
      {&sql.raise_state,
       "INSERT INTO state VALUES(?1, ?2) ON CONFLICT DO UPDATE SET value = max(value, excluded.value)"},
      {&sql.page_size, "PRAGMA page_size"},
      {&sql.pages, "PRAGMA page_count"},
      {&sql.free_pages, "PRAGMA freelist_count"},
  };
  for (const auto& [into, text] : texts) {
    auto compiled = connection.prepare(text);
    if (!compiled) return base::fail(compiled.error());
    *into = std::move(*compiled);
  }
  return sqlite_tables{std::move(connection), std::move(sql)};
}

base::result<std::int64_t> sqlite_tables::run(db::statement& what) {
  const auto ran = what.run();
  if (!ran) return base::fail(ran.error());
  return connection_.changes();
}

base::result<std::int64_t> sqlite_tables::number_of(db::statement& query) {
  const db::scoped_reset at_end(query);
  const auto row = query.step();
  if (!row) return base::fail(row.error());
  return *row ? query.number(0) : 0;
}

base::result<std::int64_t> sqlite_tables::put(const entry_row& row, std::int64_t now) {
  const auto replaced = run(sql_.erase_id.bind(row.id));
  if (!replaced) return replaced;
  const auto put = run(sql_.put.bind(row.id, row.digest.view(), row.stored_at, row.expires_at, now, row.size,
                                     row.checksum, std::string_view{row.meta}, std::string_view{row.body}, row.type));
  if (!put) return put;
  return *put - *replaced;
}

base::result<std::int64_t> sqlite_tables::erase(const base::digest256& digest, std::optional<std::int64_t> checksum) {
  if (checksum) return run(sql_.erase_exact.bind(row_id(digest), *checksum));
  return run(sql_.erase.bind(row_id(digest), digest.view()));
}

base::result<void> sqlite_tables::erase(std::int64_t id) { return nothing(run(sql_.erase_id.bind(id))); }

base::result<void> sqlite_tables::touch(std::int64_t id, std::int64_t now) {
  return nothing(run(sql_.touch.bind(id, now)));
}

base::result<std::int64_t> sqlite_tables::remove_expired(std::int64_t until, std::int64_t most) {
  return run(sql_.remove_expired.bind(until, most));
}

base::result<std::int64_t> sqlite_tables::evict(std::uint64_t bytes) {
  std::vector<std::int64_t> ids;
  {
    const db::scoped_reset at_end(sql_.oldest);
    sql_.oldest.bind(most_evicted);
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

base::result<void> sqlite_tables::add(std::int64_t day, std::string_view key, std::string_view name,
                                      std::int64_t amount) {
  return nothing(run(sql_.add.bind(day, key, name, amount)));
}

base::result<void> sqlite_tables::add_purge(std::uint64_t number, std::int64_t until, std::string_view record) {
  return nothing(run(sql_.add_purge.bind(static_cast<std::int64_t>(number), until, record)));
}

base::result<std::vector<purge_row>> sqlite_tables::purges_after(std::int64_t id) {
  return sql_.purges_after.bind(id).rows(
      [](const db::statement& row) { return purge_row{row.number(0), std::string(row.bytes(1))}; });
}

base::result<void> sqlite_tables::remove_purges(std::int64_t until) {
  return nothing(run(sql_.remove_purges.bind(until)));
}

base::result<std::int64_t> sqlite_tables::state(std::string_view name) { return number_of(sql_.state.bind(name)); }

base::result<void> sqlite_tables::raise_state(std::string_view name, std::int64_t value) {
  return nothing(run(sql_.raise_state.bind(name, value)));
}

base::result<file_space> sqlite_tables::space() {
  const auto size = number_of(sql_.page_size);
  if (!size) return base::fail(size.error());
  const auto pages = number_of(sql_.pages);
  if (!pages) return base::fail(pages.error());
  const auto free_pages = number_of(sql_.free_pages);
  if (!free_pages) return base::fail(free_pages.error());
  return file_space{.page_size = static_cast<std::uint64_t>(*size),
                    .pages = static_cast<std::uint64_t>(*pages),
                    .free_pages = static_cast<std::uint64_t>(*free_pages)};
}

base::result<void> sqlite_tables::shrink(std::int64_t pages) {
  return connection_.execute(fmt::format("PRAGMA incremental_vacuum({})", pages));
}

}  // namespace refrain::store
