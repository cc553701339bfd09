#include "store/sqlite_reader.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/text.h"
#include "store/sqlite_file.h"

namespace refrain::store {
namespace {

constexpr std::size_t most_idle = 16;
/// A listing looks at so many rows at most before it hands out what it has and a cursor.
constexpr std::size_t most_looked_at = 100'000;

constexpr std::string_view row_query =
    "SELECT size, used_at, digest, checksum, meta, body FROM entries WHERE digest = ?1";
constexpr std::string_view page_query =
    "SELECT id, digest, meta FROM entries WHERE id < ?1 AND expires_at > ?2 ORDER BY id DESC";
constexpr std::string_view oldest_query = "SELECT digest, meta FROM entries ORDER BY used_at LIMIT 16";
constexpr std::string_view counter_query = "SELECT day, key, name, amount FROM counters WHERE day >= ?1";

/// The row before which a listing goes on.
base::result<std::int64_t> parse_cursor(const std::string& cursor) {
  if (cursor.empty()) return std::numeric_limits<std::int64_t>::max();
  const auto id = base::to_integer<std::int64_t>(cursor);
  if (!id) return base::fail(base::errc::bad_usage, "that is not a cursor of this store");
  return *id;
}

}  // namespace

/// Statements go before their database.
struct sqlite_reader::connection {
  std::uint64_t generation;
  db::database file;
  db::statement row;
};

void sqlite_reader::give_back::operator()(connection* one) const {
  std::unique_ptr<connection> done{one};
  const std::scoped_lock lock(from->mutex_);
  if (done->generation == from->generation_ && from->idle_.size() < most_idle) from->idle_.push_back(std::move(done));
}

sqlite_reader::sqlite_reader(std::string path, const store_options& options, db::log_at_close log)
    : path_(std::move(path)), options_(options), log_(log) {}

sqlite_reader::~sqlite_reader() = default;

void sqlite_reader::reopen(bool closed) {
  std::vector<std::unique_ptr<connection>> old;
  const std::scoped_lock lock(mutex_);
  closed_ = closed;
  ++generation_;
  old.swap(idle_);
}

base::result<sqlite_reader::lease> sqlite_reader::borrow() {
  if (closed_) return base::fail(base::errc::store_unavailable, "the store is down");
  const std::uint64_t generation = generation_;
  {
    const std::scoped_lock lock(mutex_);
    if (!idle_.empty()) {
      lease one{idle_.back().release(), {this}};
      idle_.pop_back();
      return one;
    }
  }
  return connect(generation);
}

base::result<sqlite_reader::lease> sqlite_reader::connect(std::uint64_t generation) {
  // Held until the log is open too: file and log must be of one generation. Readers do not wait for it.
  const auto lock = path_lock::shared(path_);
  if (!lock) return base::fail(lock.error());
  auto file = db::database::open(path_, db::access::read, log_);
  if (!file) return base::fail(file.error());
  if (auto quick = file->execute("PRAGMA busy_timeout = 20"); !quick) return base::fail(quick.error());
  auto row = file->prepare(row_query);
  if (!row) return base::fail(row.error());
  return lease{new connection{generation, std::move(*file), std::move(*row)}, {this}};
}

base::result<row_found> sqlite_reader::row(const base::digest256& digest, std::uint64_t largest) {
  const auto held = borrow();
  if (!held) return base::fail(held.error());
  db::statement& query = (*held)->row;
  const db::scoped_reset at_end(query);
  const auto there = query.bind(digest.view()).step();
  if (!there) return base::fail(there.error());

  row_found found;
  if (!*there) return found;
  found.used_at = query.number(1);
  found.checksum = query.number(3);
  if (static_cast<std::uint64_t>(query.number(0)) > largest) {
    found.what = row_found::state::large;
    return found;
  }
  auto read =
      read_entry({.digest = digest.view(), .checksum = found.checksum, .meta = query.bytes(4), .body = query.bytes(5)},
                 options_.sealer);
  if (read) {
    found.what = row_found::state::good;
    found.entry = std::move(*read);
  } else {
    const bool sealed = read.error().code == base::errc::sealed_by_another_secret;
    found.what = sealed ? row_found::state::sealed : row_found::state::damaged;
  }
  return found;
}

bool sqlite_reader::shows(const entry::meta& about, const entry::selector& wanted) const {
  return entry::matches(wanted, about) && !options_.purges->dead(about);
}

base::result<entry::entry_page> sqlite_reader::list(const entry::selector& wanted, const std::string& cursor,
                                                    std::size_t limit) {
  auto from = parse_cursor(cursor);
  if (!from) return base::fail(from.error());
  const auto held = borrow();
  if (!held) return base::fail(held.error());
  auto query = (*held)->file.prepare(page_query);
  if (!query) return base::fail(query.error());
  const auto still_kept = (options_.clock->seconds() - options_.keep_stale).time_since_epoch().count();
  query->bind(*from, std::int64_t{still_kept});

  entry::entry_page page;
  std::int64_t last = *from;
  for (std::size_t looked_at = 0;; ++looked_at) {
    const auto row = query->step();
    if (!row) return base::fail(row.error());
    if (!*row) return page;
    if (page.entries.size() >= limit || looked_at >= most_looked_at) break;
    last = query->number(0);
    const row_view view{.digest = query->bytes(1), .checksum = 0, .meta = query->bytes(2), .body = {}};
    auto about = read_meta(view, options_.sealer);
    if (about && shows(*about, wanted)) page.entries.push_back(std::move(*about));
  }
  page.next = std::to_string(last);
  return page;
}

bool sqlite_reader::holds_other_seals() {
  const auto held = borrow();
  if (!held) return false;
  auto query = (*held)->file.prepare(oldest_query);
  if (!query) return false;
  const auto found = query->rows([this](const db::statement& row) {
    const row_view view{.digest = row.bytes(0), .checksum = 0, .meta = row.bytes(1), .body = {}};
    const auto about = read_meta(view, options_.sealer);
    return !about && about.error().code == base::errc::sealed_by_another_secret;
  });
  return found && std::ranges::find(*found, true) != found->end();
}

base::result<entry::counter_deltas> sqlite_reader::counters(std::int64_t first_day) {
  const auto held = borrow();
  if (!held) return base::fail(held.error());
  auto query = (*held)->file.prepare(counter_query);
  if (!query) return base::fail(query.error());
  const auto all = query->bind(first_day).rows([this](const db::statement& row) {
    const entry::seal_place place{.part = entry::sealed_part::record, .owner = "counters", .piece = row.bytes(1)};
    // One that is sealed under a secret that is not at hand has no name, and is none of ours to show.
    return entry::counter_delta{
        .day = row.number(0), .name = options_.sealer.open(place, row.bytes(2)).value_or(""), .amount = row.number(3)};
  });
  if (!all) return base::fail(all.error());
  // A sealed name has another key after each rotation of the secret.
  auto sums = entry::summed(*all);
  std::erase_if(sums, [](const auto& one) { return one.name.empty(); });
  return sums;
}

}  // namespace refrain::store
