#include "store/purge_log.h"

#include <algorithm>

namespace refrain::store {
namespace {

// The highest number ever given, and the one up to which the dead have been removed.
constexpr std::string_view number_state = "purge_number";
constexpr std::string_view swept_state = "purge_swept";
constexpr std::int64_t rows_per_sweep = 256;

constexpr entry::seal_place record_place{.part = entry::sealed_part::record, .owner = "purges", .piece = {}};

std::int64_t seconds_of(base::sys_seconds time) { return time.time_since_epoch().count(); }

}  // namespace

base::result<void> purge_log::begin(sqlite_tables& file) {
  last_read_ = 0;
  in_file_.clear();
  const auto highest = file.state(number_state);
  if (!highest) return base::fail(highest.error());
  const auto swept = file.state(swept_state);
  if (!swept) return base::fail(swept.error());
  if (auto learnt = learn(file); !learnt) return learnt;
  options_.purges->raise(static_cast<std::uint64_t>(std::max<std::int64_t>(*highest, 0)));
  swept_to_.reset();
  sweeping_ = *swept < *highest;
  sweep_number_ = options_.purges->current();
  return {};
}

base::result<void> purge_log::keep(sqlite_tables& file, const cache::purge_record& record) {
  const std::string sealed = options_.sealer.seal(record_place, cache::encode(record));
  if (auto added = file.add_purge(record.number, seconds_of(record.until), sealed); !added) return added;
  return file.raise_state(number_state, static_cast<std::int64_t>(record.number));
}

base::result<cache::purge_record> purge_log::write(sqlite_tables& file, entry::selector wanted) {
  const auto highest = file.state(number_state);
  if (!highest) return base::fail(highest.error());
  const std::uint64_t last = std::max(static_cast<std::uint64_t>(*highest), options_.purges->current());
  cache::purge_record record{.number = last + 1, .what = std::move(wanted), .until = options_.purge_until()};
  if (auto kept = keep(file, record); !kept) return base::fail(kept.error());
  return record;
}

base::result<cache::purge_record> purge_log::write_removal(sqlite_tables& file, const base::digest256& digest) {
  const auto highest = file.state(number_state);
  if (!highest) return base::fail(highest.error());
  const auto swept = file.state(swept_state);
  if (!swept) return base::fail(swept.error());
  auto record = write(file, {.digest = digest});
  // Where nothing else waits for a sweep, neither does this: its row is gone.
  if (record && *swept >= *highest) {
    auto noted = file.raise_state(swept_state, static_cast<std::int64_t>(record->number));
    if (!noted) return base::fail(noted.error());
  }
  return record;
}

void purge_log::made(const cache::purge_record& record) {
  options_.purges->merge({record});
  swept_to_.reset();
  sweeping_ = true;
  sweep_number_ = options_.purges->current();
}

base::result<void> purge_log::write_others(sqlite_tables& file) {
  auto others = options_.purges->records();
  std::erase_if(others, [this](const auto& one) { return std::ranges::find(in_file_, one) != in_file_.end(); });
  if (others.empty()) return {};
  auto all = file.begin();
  if (!all) return base::fail(all.error());
  for (const auto& record : others) {
    if (auto kept = keep(file, record); !kept) return kept;
  }
  if (auto done = file.commit(*all); !done) return done;
  made(others.back());
  return {};
}

base::result<void> purge_log::learn(sqlite_tables& file) {
  const auto rows = file.purges_after(last_read_);
  if (!rows) return base::fail(rows.error());
  std::vector<cache::purge_record> records;
  for (const auto& row : *rows) {
    last_read_ = row.id;
    // One sealed under a secret that is not at hand can only concern entries that do not open either.
    const auto json = options_.sealer.open(record_place, row.record);
    auto record = json ? cache::decode_purge_record(*json) : base::fail(json.error());
    if (record) records.push_back(std::move(*record));
  }
  options_.purges->merge(records);
  in_file_.insert(in_file_.end(), records.begin(), records.end());
  return {};
}

base::result<void> purge_log::poll(sqlite_tables& file) {
  if (auto learnt = learn(file); !learnt) return learnt;
  const auto now = options_.clock->seconds();
  const bool any = !options_.purges->records().empty();
  options_.purges->expire(now);
  std::erase_if(in_file_, [now](const auto& one) { return one.until <= now; });
  if (auto written = write_others(file); !written) return written;
  return any ? file.remove_purges(seconds_of(now)) : base::result<void>{};
}

bool purge_log::is_dead(const swept_row& row) const {
  const auto about = read_meta({.digest = row.digest, .checksum = 0, .meta = row.meta, .body = {}}, options_.sealer);
  if (about) return options_.purges->dead(*about);
  return about.error().code == base::errc::store_corrupt;
}

base::result<std::int64_t> purge_log::sweep(sqlite_tables& file) {
  auto all = file.begin();
  if (!all) return base::fail(all.error());
  const auto rows = file.rows_after(swept_to_, rows_per_sweep);
  if (!rows) return base::fail(rows.error());
  std::int64_t removed = 0;
  for (const auto& row : *rows) {
    if (!is_dead(row)) continue;
    if (auto erased = file.erase(row.row); !erased) return base::fail(erased.error());
    ++removed;
  }
  const bool at_end = rows->size() < rows_per_sweep;
  if (at_end) {
    auto noted = file.raise_state(swept_state, static_cast<std::int64_t>(sweep_number_));
    if (!noted) return base::fail(noted.error());
  }
  if (auto done = file.commit(*all); !done) return base::fail(done.error());
  if (!rows->empty()) swept_to_ = rows->back().row.id;
  sweeping_ = !at_end;
  return removed;
}

}  // namespace refrain::store
