#include "store/tiered_store.h"

#include <algorithm>
#include <utility>

namespace refrain::store {

tiered_store::tiered_store(std::unique_ptr<memory_store> near, std::unique_ptr<entry::store> below)
    : near_(std::move(near)), below_(std::move(below)) {}

entry::entry_ptr tiered_store::peek(const entry::entry_id& id) {
  auto used = near_->use_of(id);
  if (used.to_tell) below_->touch(id);
  return std::move(used.what);
}

net::task<base::result<entry::entry_ptr>> tiered_store::get(entry::entry_id id) {
  if (auto at_hand = peek(id)) co_return at_hand;
  const std::uint64_t erasures = erasures_.load();
  auto found = co_await below_->get(std::move(id));
  if (found && *found != nullptr && erasures == erasures_.load()) near_->keep(*found);
  co_return found;
}

void tiered_store::put(entry::entry_ptr fresh) {
  near_->put(fresh);
  below_->put(std::move(fresh));
}

net::task<base::result<bool>> tiered_store::erase(std::string name) {
  ++erasures_;
  const bool was_near = near_->remove(name);
  auto was_below = co_await below_->erase(name);
  ++erasures_;
  // A read that began before the first step may have kept it between the two.
  const bool came_back = near_->remove(name);
  if (!was_below) co_return was_below;
  co_return *was_below || was_near || came_back;
}

net::task<base::result<entry::entry_ptr>> tiered_store::find(std::string name) {
  auto found = co_await below_->find(name);
  if (found && *found != nullptr) co_return found;
  co_return co_await near_->find(std::move(name));
}

net::task<base::result<entry::purge_report>> tiered_store::purge(entry::selector what) {
  // Both tiers share one purge book: what the tier below has recorded is dead here too.
  auto report = co_await below_->purge(std::move(what));
  const std::uint64_t near_removed = near_->remove_dead();
  if (report) report->removed = std::max(report->removed, near_removed);
  co_return report;
}

net::task<base::result<entry::entry_page>> tiered_store::list(entry::selector what, std::string cursor,
                                                              std::size_t limit) {
  return below_->list(std::move(what), std::move(cursor), limit);
}

void tiered_store::touch(const entry::entry_id& id) { below_->touch(id); }

void tiered_store::add(std::vector<entry::counter_delta> deltas) { below_->add(std::move(deltas)); }

net::task<base::result<std::vector<entry::counter_delta>>> tiered_store::counters(std::int64_t first_day) {
  return below_->counters(first_day);
}

entry::store_status tiered_store::status() const {
  auto near = near_->status();
  auto sum = below_->status();
  auto below = sum;
  sum.mismatches += near.mismatches;
  sum.tiers = {std::move(near), std::move(below)};
  return sum;
}

void tiered_store::flush() { below_->flush(); }

}  // namespace refrain::store
