#include "store/sqlite_store.h"

#include <limits>

#include "store/naming.h"

namespace refrain::store {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t read_inline = 64ull << 10;
constexpr std::uint64_t any_size = std::numeric_limits<std::uint64_t>::max();
constexpr auto timeout = 5s;
constexpr unsigned bulk_threads = 2;
constexpr std::size_t most_bulk_reads = 256;
constexpr std::size_t most_operator_jobs = 64;

}  // namespace

base::result<std::unique_ptr<sqlite_store>> sqlite_store::open(std::string path, store_options options) {
  auto file = options.as_found ? open_as_found(path) : open_file(path, *options.clock);
  if (!file) return base::fail(file.error());
  return std::unique_ptr<sqlite_store>(new sqlite_store(std::move(path), std::move(*file), std::move(options)));
}

sqlite_store::sqlite_store(std::string path, opened_file file, store_options options)
    : options_(std::move(options)),
      check_(options_),
      reader_(path, options_, file.log),
      writer_(std::move(path), std::move(file), options_, reader_),
      bulk_(bulk_threads, most_bulk_reads),
      operators_(1, most_operator_jobs) {
  // Under another secret they have other digests, so that nobody would ever ask for them.
  if (reader_.holds_other_seals()) check_.warn_of_another_secret();
}

sqlite_store::~sqlite_store() = default;

base::result<row_found> sqlite_store::read(const base::digest256& digest, std::uint64_t largest) {
  auto found = reader_.row(digest, largest);
  if (!found && found.error().code == base::errc::store_corrupt) writer_.suspect();
  return found;
}

entry::entry_ptr sqlite_store::judge(const base::digest256& digest, base::result<row_found> found) {
  if (!found) return nullptr;
  if (found->what == row_found::state::sealed) check_.warn_of_another_secret();
  const bool good = found->what == row_found::state::good;
  const bool dead = good && options_.purges->dead(found->entry->about);
  if (dead || found->what == row_found::state::damaged) {
    writer_.orders().add(erase_entry{.digest = digest, .checksum = found->checksum, .done = nullptr});
  }
  if (!good || !options_.may_show(found->entry->about)) return nullptr;
  if (options_.clock->seconds() - base::sys_seconds{std::chrono::seconds{found->used_at}} >= use_grain) {
    writer_.orders().add(touch_entry{.digest = digest});
  }
  return std::move(found->entry);
}

net::task<base::result<entry::entry_ptr>> sqlite_store::get(entry::entry_id id) {
  auto found = writer_.orders().pending(id.digest);
  if (found == nullptr) {
    auto row = read(id.digest, read_inline);
    if (row && row->what == row_found::state::large) {
      auto whole = [this, digest = id.digest] { return read(digest, any_size); };
      row = co_await bulk_.run(std::move(whole));
    }
    found = judge(id.digest, std::move(row));
  }
  co_return check_.pass(id, std::move(found));
}

net::task<std::vector<entry::entry_ptr>> sqlite_store::get_many(std::vector<entry::entry_id> ids) {
  using entries = std::vector<entry::entry_ptr>;
  if (ids.size() == 1) co_return co_await store::get_many(std::move(ids));
  const auto count = ids.size();
  auto read_all = [this, ids = std::move(ids)]() -> base::result<entries> {
    entries found;
    for (const auto& id : ids) found.push_back(check_.pass(id, read_whole(id.digest).value_or(nullptr)));
    return found;
  };
  auto found = co_await bulk_.run(std::move(read_all));
  co_return found ? *std::move(found) : entries(count);
}

bool sqlite_store::write(entry::entry_ptr fresh) { return writer_.orders().add(put_entry{.fresh = std::move(fresh)}); }

void sqlite_store::touch(const entry::entry_id& id) { writer_.orders().add(touch_entry{.digest = id.digest}); }

base::result<entry::entry_ptr> sqlite_store::read_whole(const base::digest256& digest) {
  if (auto waiting = writer_.orders().pending(digest)) return waiting;
  auto row = read(digest, any_size);
  if (!row) return base::fail(row.error());
  return judge(digest, std::move(row));
}

base::result<entry::entry_ptr> sqlite_store::look_up(const std::string& name) {
  for (const auto& digest : digests_in(name)) {
    auto found = read_whole(digest);
    if (!found) return found;
    if (*found != nullptr && is_named(name, (*found)->about.id) && options_.may_show((*found)->about)) return found;
  }
  return nullptr;
}

net::task<base::result<entry::entry_ptr>> sqlite_store::find(std::string name) {
  return operators_.run([this, name = std::move(name)] { return look_up(name); });
}

base::result<bool> sqlite_store::remove(const std::string& name) {
  const auto found = look_up(name);
  if (!found) return base::fail(found.error());
  if (*found == nullptr) return false;
  auto done = std::make_shared<std::promise<base::result<bool>>>();
  auto answer = done->get_future();
  const bool was_pending = writer_.orders().pending((*found)->about.id.digest) != nullptr;
  if (!writer_.orders().add(erase_entry{(*found)->about.id.digest, std::nullopt, std::move(done)}) ||
      answer.wait_for(timeout) != std::future_status::ready) {
    return base::fail(base::errc::store_unavailable, "the store takes no orders now", true);
  }
  auto erased = answer.get();
  if (erased) *erased = *erased || was_pending;
  return erased;
}

net::task<base::result<bool>> sqlite_store::erase(std::string name) {
  return operators_.run([this, name = std::move(name)] { return remove(name); });
}

base::result<entry::purge_report> sqlite_store::kill(entry::selector wanted) {
  auto done = std::make_shared<std::promise<base::result<entry::purge_report>>>();
  auto answer = done->get_future();
  if (!writer_.orders().add(purge_entries{.what = wanted, .done = std::move(done)})) {
    const auto record = writer_.purge_without_file(std::move(wanted));
    return entry::purge_report{.number = record.number, .removed = 0};
  }
  if (answer.wait_for(timeout) == std::future_status::ready) return answer.get();
  // The record stands; the sweep goes on.
  return entry::purge_report{.number = options_.purges->current(), .removed = 0};
}

net::task<base::result<entry::purge_report>> sqlite_store::purge(entry::selector wanted) {
  return operators_.run([this, wanted = std::move(wanted)] { return kill(wanted); });
}

net::task<base::result<entry::entry_page>> sqlite_store::list(entry::selector wanted, std::string cursor,
                                                              std::size_t limit) {
  return operators_.run([this, wanted = std::move(wanted), cursor = std::move(cursor), limit] {
    return reader_.list(wanted, cursor, limit);
  });
}

void sqlite_store::add(entry::counter_deltas deltas) {
  writer_.orders().add(add_counters{.deltas = std::move(deltas)});
}

net::task<base::result<entry::counter_deltas>> sqlite_store::since(std::int64_t first_day) {
  return operators_.run([this, first_day] { return reader_.counters(first_day); });
}

entry::store_status sqlite_store::status() const {
  auto now = writer_.status();
  now.mismatches = check_.mismatches();
  return now;
}

void sqlite_store::flush() { writer_.orders().flush(timeout); }

}  // namespace refrain::store
