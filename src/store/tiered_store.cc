#include "store/tiered_store.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "net/gather.h"

namespace refrain::store {

tiered_store::tiered_store(std::shared_ptr<near_cache> near, std::unique_ptr<entry::store> below)
    : near_(std::move(near)), below_(std::move(below)) {}

near_cache::copy tiered_store::look_near(const entry::entry_id& id) {
  auto used = near_->use_of(id);
  if (used.to_tell) below_->touch(id);
  return used;
}

entry::entry_ptr tiered_store::peek(const entry::entry_id& id) {
  auto near = look_near(id);
  return near.sure ? std::move(near.what) : nullptr;
}

net::task<base::result<entry::entry_ptr>> tiered_store::get(entry::entry_id id) {
  const auto near = look_near(id);
  if (near.what != nullptr && near.sure) co_return near.what;
  auto found = co_await read_below(id, near.what);
  if (!found && near.what != nullptr) co_return near.what;
  co_return found;
}

net::task<base::result<entry::entry_ptr>> tiered_store::read_below(entry::entry_id id, entry::entry_ptr copy) {
  while (true) {
    const auto began = near_->mark_of(id.digest);
    auto read = reads_.join(id, began);
    if (!read.leads()) {
      auto shared = co_await read.wait();
      if (shared) co_return *std::move(shared);
      continue;
    }
    auto found = co_await below_->get(id);
    if (found && *found != nullptr) {
      near_->keep(*found, began, copy);
    } else if (found && copy != nullptr) {
      (void)near_->changed(id.digest.hex());
    }
    read.finish(found);
    co_return found;
  }
}

net::task<std::vector<entry::entry_ptr>> tiered_store::get_many(std::vector<entry::entry_id> ids) {
  struct question {
    std::size_t place = 0;
    near_cache::mark began;
    shared_reads::part read;
  };
  std::vector<entry::entry_ptr> found(ids.size());
  std::vector<question> leading;
  std::vector<entry::entry_id> asked;
  std::vector<std::size_t> others;  // copies that are not sure, and what is being read already
  for (std::size_t i = 0; i < ids.size(); ++i) {
    auto near = look_near(ids[i]);
    if (near.what != nullptr && near.sure) {
      found[i] = std::move(near.what);
      continue;
    }
    const auto began = near_->mark_of(ids[i].digest);
    auto read = reads_.join(ids[i], began);
    if (near.what != nullptr || !read.leads()) {
      others.push_back(i);
      continue;
    }
    leading.push_back({.place = i, .began = began, .read = std::move(read)});
    asked.push_back(ids[i]);
  }
  if (!asked.empty()) {
    auto below = co_await below_->get_many(std::move(asked));
    for (std::size_t i = 0; i < leading.size(); ++i) {
      auto& [place, began, read] = leading[i];
      found[place] = std::move(below[i]);
      if (found[place] != nullptr) near_->keep(found[place], began, nullptr);
      read.finish(found[place]);
    }
  }
  std::vector<net::task<base::result<entry::entry_ptr>>> gets;
  for (const auto place : others) gets.push_back(get(ids[place]));
  auto answers = co_await net::gather(std::move(gets));
  for (std::size_t i = 0; i < others.size(); ++i) found[others[i]] = answers[i].value_or(nullptr);
  co_return found;
}

bool tiered_store::write(entry::entry_ptr fresh) {
  // Below first: a read there that finds what was there before has begun before the change that is told near.
  const bool taken = below_->put(fresh);
  near_->put(std::move(fresh));
  return taken;
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

net::task<base::result<entry::purge_report>> tiered_store::purge(entry::selector wanted) {
  // Both tiers share one purge book: what the tier below has recorded is dead here too.
  auto report = co_await below_->catalogue().purge(std::move(wanted));
  const std::uint64_t near_removed = near_->memory().remove_dead();
  if (report) report->removed = std::max(report->removed, near_removed);
  co_return report;
}

net::task<base::result<entry::entry_page>> tiered_store::list(entry::selector wanted, std::string cursor,
                                                              std::size_t limit) {
  return below_->catalogue().list(std::move(wanted), std::move(cursor), limit);
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
