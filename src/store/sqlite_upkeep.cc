// The writer's duties between batches, and what it does when the file fails it.

#include "base/log.h"
#include "store/sqlite_writer.h"

namespace refrain::store {
namespace {

using namespace std::chrono_literals;

constexpr auto retry_each = 30s;
constexpr std::int64_t pages_per_step = 512;

}  // namespace

void sqlite_writer::maintain() {
  more_to_do_ = false;
  if (suspect_.exchange(false) && tables_) {
    handle_fault({.code = base::errc::store_corrupt, .context = "a reader found the file corrupt"});
  }
  if (!tables_) {
    report_purges();
    if (options_.clock->steady() >= try_again_) begin(reopened());
    return;
  }
  // Another process may have moved a corrupt file aside, or a person deleted it.
  if (identity_of(path_) != identity_) {
    tables_.reset();
    begin(reopened());
    return;
  }
  if (auto kept = upkeep(); !kept) handle_fault(kept.error());
}

base::result<opened_file> sqlite_writer::reopened() {
  return options_.as_found ? open_as_found(path_) : open_file(path_, *options_.clock);
}

base::result<void> sqlite_writer::upkeep() {
  if (auto polled = purges_.poll(*tables_); !polled) return polled;
  if (auto worked = work_in_background(); !worked) return worked;
  return measure();
}

/// A small step of each, so that writes never wait long; `more_to_do_` brings the next.
base::result<void> sqlite_writer::work_in_background() {
  if (purges_.sweeping()) {
    const auto removed = purges_.sweep(*tables_);
    if (!removed) return base::fail(removed.error());
    count_removed(*removed);
    more_to_do_ = purges_.sweeping();
  }
  if (!purges_.sweeping()) report_purges();

  if (options_.as_found) return {};

  const auto until = (options_.clock->seconds() - options_.keep_stale).time_since_epoch().count();
  const auto expired = tables_->remove_expired(std::int64_t{until}, plan_.rows);
  if (!expired) return base::fail(expired.error());
  entries_ -= *expired;
  more_to_do_ = more_to_do_ || *expired == plan_.rows;

  const auto space = tables_->space();
  if (!space) return base::fail(space.error());
  const bool over = space->file_bytes() > plan_.file_bytes;
  if (over) {
    if (auto room = make_room(0); !room) return room;
  }
  // Free pages are room for what comes next; only where they are many does the disk get them back.
  const bool many_free = space->free_pages > pages_per_step && space->free_pages > space->pages / 4;
  if (over || many_free) {
    if (auto shrunk = tables_->shrink(pages_per_step); !shrunk) return shrunk;
    more_to_do_ = true;
  }
  return {};
}

base::result<void> sqlite_writer::measure() {
  const std::string log = path_ + "-wal";
  if (size_of(log) > plan_.log_bytes) {
    // Fails while a reader is still on it; the next round tries again.
    static_cast<void>(tables_->cut_log());
  }
  const std::uint64_t log_size = size_of(log);
  log_overfull_ = log_size > plan_.log_most / 2;
  bytes_ = size_of(path_) + log_size;

  // Other processes write too.
  const auto sizes = tables_->sizes();
  if (!sizes) return base::fail(sizes.error());
  std::int64_t entries = 0;
  for (const auto& one : *sizes) {
    entries += one.entries;
    if (one.type >= 0 && one.type < entry::cache_type_count) {
      bytes_by_type_[static_cast<std::size_t>(one.type)] = static_cast<std::uint64_t>(one.bytes);
    }
  }
  entries_ = entries;
  return {};
}

void sqlite_writer::count_removed(std::int64_t rows) {
  entries_ -= rows;
  for (auto& purge : open_purges_) purge.removed += static_cast<std::uint64_t>(rows);
}

void sqlite_writer::report_purges() {
  for (auto& purge : open_purges_) {
    purge.done->set_value(entry::purge_report{.number = purge.number, .removed = purge.removed});
  }
  open_purges_.clear();
}

void sqlite_writer::handle_fault(const base::error& why) {
  switch (why.code) {
    case base::errc::store_corrupt:
      base::log_error("store {}: {}", path_, why.context);
      tables_.reset();
      begin(options_.as_found ? open_as_found(path_) : replace_file(path_, identity_, *options_.clock));
      return;
    case base::errc::store_unavailable: base::log_warning("store {}: {}", path_, why.context); return;
    default: go_down(why);
  }
}

void sqlite_writer::begin(base::result<opened_file> opened) {
  if (!opened) return go_down(opened.error());
  auto tables = sqlite_tables::open(std::move(opened->connection), plan_);
  if (!tables) return go_down(tables.error());
  if (auto read = purges_.begin(*tables); !read) return go_down(read.error());
  const auto counted = tables->counter_bytes();
  if (!counted) return go_down(counted.error());
  counter_bytes_ = *counted;
  // Opening alone would not notice a disk that is still full.
  if (!options_.as_found) {
    const auto seconds = options_.clock->seconds().time_since_epoch().count();
    auto written = tables->raise_state("opened_at", std::int64_t{seconds});
    if (!written) return go_down(written.error());
  }

  tables_ = std::move(*tables);
  identity_ = opened->identity;
  reader_.reopen(false);
  queue_.close(false);
  const std::scoped_lock lock(health_mutex_);
  if (health_ == entry::store_health::down) base::log_info("store {}: back", path_);
  health_ = entry::store_health::ready;
  detail_.clear();
}

void sqlite_writer::go_down(const base::error& why) {
  tables_.reset();
  reader_.reopen(true);
  queue_.close(true);
  try_again_ = options_.clock->steady() + retry_each;
  const std::scoped_lock lock(health_mutex_);
  if (health_ != entry::store_health::down)
    base::log_error("store {} is off, tried again each 30 s: {}", path_, why.context);
  health_ = entry::store_health::down;
  detail_ = why.context;
}

}  // namespace refrain::store
