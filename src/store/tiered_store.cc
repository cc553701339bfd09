#include "store/tiered_store.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace refrain::store {

tiered_store::tiered_store(std::shared_ptr<near_cache> near, std::unique_ptr<entry::store> below)
    : near_(std::move(near)), below_(std::move(below)) {}

entry::entry_ptr tiered_store::peek(const entry::entry_id& id) {
  auto used = near_->use_of(id);
  if (used.to_tell) below_->touch(id);
  return used.sure ? std::move(used.what) : nullptr;
}

net::task<base::result<entry::entry_ptr>> tiered_store::get(entry::entry_id id) {
  if (near_->memory().is_off()) return below_->get(std::move(id));
  return get_from_either(std::move(id));
}

net::task<base::result<entry::entry_ptr>> tiered_store::get_from_either(entry::entry_id id) {
  const auto near = near_->use_of(id);
  if (near.what != nullptr && near.sure) co_return near.what;
  const auto began = near_->mark_of(id.digest);
  auto found = co_await below_->get(id);
  if (!found) {
    if (near.what != nullptr) co_return near.what;
    co_return found;
  }
  if (*found != nullptr) {
    near_->keep(*found, began, near.what);
  } else if (near.what != nullptr) {
    (void)near_->changed(id.digest.hex());
  }
  co_return found;
}

net::task<std::vector<entry::entry_ptr>> tiered_store::get_many(std::vector<entry::entry_id> ids) {
  struct question {
    std::size_t place = 0;
    entry::entry_ptr copy;  ///< one that is not sure
    near_cache::mark began;
  };
  std::vector<entry::entry_ptr> found(ids.size());
  std::vector<question> open;
  std::vector<entry::entry_id> asked;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    found[i] = peek(ids[i]);
    if (found[i] != nullptr) continue;
    open.push_back({.place = i, .copy = near_->use_of(ids[i]).what, .began = near_->mark_of(ids[i].digest)});
    asked.push_back(ids[i]);
  }
  if (asked.empty()) co_return found;
  auto below = co_await below_->get_many(std::move(asked));
  for (std::size_t i = 0; i < open.size(); ++i) {
    const auto& [place, copy, began] = open[i];
    found[place] = std::move(below[i]);
    if (found[place] != nullptr) {
      near_->keep(found[place], began, copy);
    } else if (copy != nullptr) {
      // Whether it is gone or nobody could say decides what becomes of the copy.
      auto again = co_await get_from_either(ids[place]);
      found[place] = again ? *std::move(again) : nullptr;
    }
  }
  co_return found;
}

void tiered_store::write(entry::entry_ptr fresh) {
  near_->put(fresh);
  below_->put(std::move(fresh));
}

net::task<base::result<bool>> tiered_store::erase(std::string name) {
  const bool was_near = near_->changed(name);
  auto was_below = co_await below_->catalogue().erase(name);
  // A read that began before the first step may have kept it between the two.
  const bool came_back = near_->changed(name);
  if (!was_below) co_return was_below;
  co_return *was_below || was_near || came_back;
}

net::task<base::result<entry::entry_ptr>> tiered_store::find(std::string name) {
  auto found = co_await below_->catalogue().find(name);
  if (found && *found != nullptr) co_return found;
  co_return co_await near_->memory().catalogue().find(std::move(name));
}

net::task<base::result<entry::purge_report>> tiered_store::purge(entry::selector what) {
  // Both tiers share one purge book: what the tier below has recorded is dead here too.
  auto report = co_await below_->catalogue().purge(std::move(what));
  const std::uint64_t near_removed = near_->memory().remove_dead();
  if (report) report->removed = std::max(report->removed, near_removed);
  co_return report;
}

net::task<base::result<entry::entry_page>> tiered_store::list(entry::selector what, std::string cursor,
                                                              std::size_t limit) {
  return below_->catalogue().list(std::move(what), std::move(cursor), limit);
}

entry::store_status tiered_store::status() const {
  auto near = near_->memory().status();
  auto sum = below_->status();
  auto below = sum;
  sum.mismatches += near.mismatches;
  // Tiers of a tier below stand in their order beside it.
  auto further = std::exchange(below.tiers, {});
  sum.tiers = {std::move(near)};
  if (further.empty()) {
    sum.tiers.push_back(std::move(below));
  } else {
    std::ranges::move(further, std::back_inserter(sum.tiers));
  }
  return sum;
}

}  // namespace refrain::store
