#include "store/sqlite_writer.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace refrain::store {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t most_queued = 64ull << 20;
/// The longer, the more entries share a page of the index that is written. Until then they are in memory alone.
constexpr auto linger = 200ms;
constexpr auto upkeep_each = 1s;

std::int64_t seconds_of(base::sys_seconds time) { return time.time_since_epoch().count(); }

std::uint64_t bytes_of(const std::vector<write_order>& batch) {
  std::uint64_t sum = 0;
  for (const auto& order : batch) {
    if (const auto* put = std::get_if<put_entry>(&order)) sum += put->fresh->about.size + put->fresh->memory();
  }
  return sum;
}

}  // namespace

struct sqlite_writer::effects {
  std::int64_t entries = 0;
  std::uint64_t dropped = 0;
  std::vector<std::pair<std::shared_ptr<std::promise<base::result<bool>>>, bool>> erased;
  std::vector<cache::purge_record> removals;
  std::vector<std::pair<cache::purge_record, std::shared_ptr<std::promise<base::result<entry::purge_report>>>>> purged;
};

sqlite_writer::sqlite_writer(std::string path, opened_file file, const store_options& options, sqlite_reader& reader)
    : path_(std::move(path)),
      options_(options),
      plan_(plan_space(options.max_bytes)),
      reader_(reader),
      queue_(most_queued, plan_.batch),
      purges_(options) {
  // Before the first request: what was purged must not be served, not even once.
  begin(std::move(file));
  thread_ = std::thread([this] { serve(); });
}

sqlite_writer::~sqlite_writer() {
  queue_.stop();
  thread_.join();
}

void sqlite_writer::serve() {
  while (!queue_.stopped()) {
    const auto batch = queue_.take(more_to_do_ ? 0ms : upkeep_each, linger);
    if (!batch.empty()) write(batch);
    const auto now = std::chrono::steady_clock::now();
    const bool due = now - last_upkeep_ >= upkeep_each || queue_.flush_wanted() || suspect_;
    if (due) last_upkeep_ = now;
    if (due || more_to_do_) maintain();
    if (!more_to_do_) queue_.round_over();
  }
  report_purges();
  // A log left behind would have to be read through at the next start.
  if (tables_) static_cast<void>(tables_->cut_log());
}

void sqlite_writer::write(const std::vector<write_order>& batch) {
  if (!tables_) {
    drop_all(batch, {.code = base::errc::store_unavailable, .context = "the store is down"});
    return;
  }
  keep_log_short();
  effects after;
  auto done = attempt(batch, after);
  if (!done && done.error().code == base::errc::store_full && at_own_bound() && make_room(plan_.file_bytes / 4)) {
    after = {};
    done = attempt(batch, after);
  }
  if (!done) {
    drop_all(batch, done.error());
    // The bound that was set is no fault of the disk: what does not fit is not kept, and all else goes on.
    const bool is_bound = done.error().code == base::errc::store_full && at_own_bound();
    if (!is_bound) handle_fault(done.error());
    return;
  }
  publish(after);
  queue_.done(batch, after.dropped);
}

/// A reader that takes long keeps the log from being cut: nothing more is put in then.
void sqlite_writer::keep_log_short() {
  const std::string log = path_ + "-wal";
  const std::uint64_t most = plan_.log_most / 2;
  if (size_of(log) > most) static_cast<void>(tables_->cut_log());
  log_overfull_ = size_of(log) > most;
}

base::result<void> sqlite_writer::attempt(const std::vector<write_order>& batch, effects& after) {
  if (auto room = make_room(bytes_of(batch)); !room) return room;
  auto all = tables_->begin();
  if (!all) return base::fail(all.error());
  for (const auto& order : batch) {
    auto applied = std::visit([&](const auto& one) { return apply(one, after); }, order);
    if (!applied) return applied;
  }
  return tables_->commit(*all);
}

base::result<void> sqlite_writer::apply(const put_entry& order, effects& after) {
  const auto row = to_row(*order.fresh, options_.sealer);
  const bool kept = row && row->meta.size() + row->body.size() <= plan_.largest && !log_overfull_ &&
                    !options_.purges->dead(order.fresh->about);
  if (!kept) {
    ++after.dropped;
    // What it was to replace must not outlive it.
    const auto old = tables_->erase(order.fresh->about.id.digest, std::nullopt);
    if (!old) return base::fail(old.error());
    after.entries -= *old;
    return {};
  }
  const auto added = tables_->put(*row, seconds_of(options_.clock->seconds()));
  if (!added) return base::fail(added.error());
  after.entries += *added;
  return {};
}

base::result<void> sqlite_writer::apply(const erase_entry& order, effects& after) {
  const auto erased = tables_->erase(order.digest, order.checksum);
  if (!erased) return base::fail(erased.error());
  after.entries -= *erased;
  if (!order.done) return {};
  auto removal = purges_.write_removal(*tables_, order.digest);
  if (!removal) return base::fail(removal.error());
  after.removals.push_back(std::move(*removal));
  after.erased.emplace_back(order.done, *erased > 0);
  return {};
}

base::result<void> sqlite_writer::apply(const touch_entry& order, effects& /*after*/) {
  return tables_->touch(order.digest, seconds_of(options_.clock->seconds()));
}

base::result<void> sqlite_writer::apply(const add_counters& order, effects& after) {
  for (const auto& delta : order.deltas) {
    const std::string key = options_.sealer.veil(delta.name);
    const auto added = tables_->add(delta.day, key, delta.amount);
    if (!added) return base::fail(added.error());
    if (*added) continue;
    const std::string name =
        options_.sealer.seal({.part = entry::sealed_part::record, .owner = "counters", .piece = key}, delta.name);
    const auto room = room_for_counter(key.size() + name.size(), delta.day);
    if (!room) return base::fail(room.error());
    if (!*room) {
      ++after.dropped;
      continue;
    }
    if (auto begun = tables_->begin_counter(delta.day, key, name, delta.amount); !begun) return begun;
  }
  return {};
}

/// Names are made up by clients: however many there are, they take no more than their part of the file. False where
/// they would.
base::result<bool> sqlite_writer::room_for_counter(std::size_t bytes, std::int64_t day) {
  const auto wanted = static_cast<std::int64_t>(bytes) + 32;
  const auto most = static_cast<std::int64_t>(plan_.counters);
  counter_bytes_ += wanted;
  while (counter_bytes_ > most) {
    // Other processes write counters too, and a batch may have been rolled back.
    const auto there = tables_->counter_bytes();
    if (!there) return base::fail(there.error());
    counter_bytes_ = *there + wanted;
    if (counter_bytes_ <= most) break;
    const auto removed = tables_->remove_oldest_counters(day);
    if (!removed) return base::fail(removed.error());
    if (*removed > 0) continue;
    counter_bytes_ = *there;
    return false;
  }
  return true;
}

base::result<void> sqlite_writer::apply(const purge_entries& order, effects& after) {
  auto record = purges_.write(*tables_, order.what);
  if (!record) return base::fail(record.error());
  after.purged.emplace_back(std::move(*record), order.done);
  return {};
}

void sqlite_writer::publish(effects& after) {
  entries_ += after.entries;
  options_.purges->merge(after.removals);
  for (auto& [done, erased] : after.erased) done->set_value(erased);
  for (auto& [record, done] : after.purged) {
    purges_.made(record);
    open_purges_.push_back({.number = record.number, .removed = 0, .done = done});
    more_to_do_ = true;
  }
}

void sqlite_writer::drop_all(const std::vector<write_order>& batch, const base::error& why) {
  for (const auto& order : batch) {
    if (const auto* erase = std::get_if<erase_entry>(&order); erase != nullptr && erase->done) {
      erase->done->set_value(base::fail(why));
    }
    if (const auto* purge = std::get_if<purge_entries>(&order)) {
      const auto record = purge_without_file(purge->what);
      purge->done->set_value(entry::purge_report{.number = record.number, .removed = 0});
    }
  }
  queue_.done(batch, batch.size());
}

base::result<void> sqlite_writer::make_room(std::uint64_t bytes) {
  // Pages are never quite full, and a put may split some.
  constexpr std::uint64_t spare_pages = 16;
  for (;;) {
    const auto space = tables_->space();
    if (!space) return base::fail(space.error());
    const std::uint64_t wanted = space->used_bytes() + bytes + bytes / 4 + spare_pages * space->page_size;
    if (wanted <= plan_.file_bytes) return {};
    const auto evicted = tables_->evict(wanted - plan_.file_bytes, plan_.rows);
    if (!evicted) return base::fail(evicted.error());
    if (*evicted == 0) return {};
    entries_ -= *evicted;
    evictions_ += static_cast<std::uint64_t>(*evicted);
  }
}

/// Whether SQLite's "full" may mean the bound that we set, and not the disk: pages can be too scattered to be used.
bool sqlite_writer::at_own_bound() {
  const auto space = tables_->space();
  return space && space->file_bytes() + plan_.file_bytes / 8 > plan_.file_bytes;
}

entry::store_status sqlite_writer::status() const {
  entry::store_status now;
  now.kind = "sqlite";
  now.location = path_;
  now.entries = static_cast<std::uint64_t>(std::max<std::int64_t>(entries_, 0));
  now.bytes = bytes_;
  std::ranges::copy(bytes_by_type_, now.bytes_by_type.emplace().begin());
  now.max_bytes = options_.max_bytes.value;
  now.writes_dropped = queue_.dropped();
  now.evictions = evictions_.load();
  const std::scoped_lock lock(health_mutex_);
  now.health = health_;
  now.detail = detail_;
  return now;
}

}  // namespace refrain::store
