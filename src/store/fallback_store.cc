#include "store/fallback_store.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace refrain::store {

fallback_store::fallback_store(std::unique_ptr<entry::store> shared, std::unique_ptr<entry::store> own)
    : shared_(std::move(shared)), own_(std::move(own)) {}

bool fallback_store::is_shared_away() const { return shared_->status().health == entry::store_health::down; }

net::task<base::result<entry::entry_ptr>> fallback_store::get(entry::entry_id id) {
  auto found = co_await shared_->get(id);
  if (found) co_return found;
  co_return co_await own_->get(std::move(id));
}

bool fallback_store::write(entry::entry_ptr fresh) {
  const bool is_shared = shared_->put(fresh);
  const bool is_own = own_->put(std::move(fresh));
  return is_shared || is_own;
}

void fallback_store::touch(const entry::entry_id& id) {
  shared_->touch(id);
  own_->touch(id);
}

net::task<base::result<bool>> fallback_store::erase(std::string name) {
  const auto shared = co_await shared_->catalogue().erase(name);
  const auto own = co_await own_->catalogue().erase(std::move(name));
  // Not to be said done where it was not: the shared one may have it still.
  if (!shared) co_return shared;
  co_return *shared || own.value_or(false);
}

net::task<base::result<entry::entry_ptr>> fallback_store::find(std::string name) {
  auto found = co_await shared_->catalogue().find(name);
  if (found && *found != nullptr) co_return found;
  co_return co_await own_->catalogue().find(std::move(name));
}

net::task<base::result<entry::purge_report>> fallback_store::purge(entry::selector wanted) {
  // The two share a purge book: what the shared one has made holds for the other at once, which writes it down too.
  return shared_->catalogue().purge(std::move(wanted));
}

net::task<base::result<entry::entry_page>> fallback_store::list(entry::selector wanted, std::string cursor,
                                                                std::size_t limit) {
  return serving().catalogue().list(std::move(wanted), std::move(cursor), limit);
}

void fallback_store::add(entry::counter_deltas deltas) { serving().counters().add(std::move(deltas)); }

net::task<base::result<entry::counter_deltas>> fallback_store::since(std::int64_t first_day) {
  auto all = co_await own_->counters().since(first_day);
  if (!all) co_return all;
  auto shared = co_await shared_->counters().since(first_day);
  if (shared) std::ranges::move(*shared, std::back_inserter(*all));
  co_return entry::summed(*all);
}

entry::store_status fallback_store::status() const {
  auto now = shared_->status();
  auto own = own_->status();
  auto shared = now;
  if (now.health == entry::store_health::down && own.health == entry::store_health::ready) {
    now.health = entry::store_health::degraded;
    now.entries = own.entries;
    now.bytes = own.bytes;
    now.bytes_by_type = own.bytes_by_type;
    now.max_bytes = own.max_bytes;
    now.evictions = own.evictions;
  }
  now.mismatches += own.mismatches;
  now.tiers = {std::move(shared), std::move(own)};
  return now;
}

void fallback_store::flush() {
  shared_->flush();
  own_->flush();
}

}  // namespace refrain::store
