#include "cache/coalescer.h"

#include <algorithm>

namespace refrain::cache {
namespace {

using entry::wire_form;

bool may_join(const fill& under_way, const coalescer::need& wanted) {
  if (under_way.purge_number < wanted.purge_number) return false;
  const bool reports_usage = under_way.form != wire_form::stream || under_way.usage_asked;
  if (under_way.form == wanted.form) return reports_usage || !wanted.wants_usage;
  return wanted.form == wire_form::plain && under_way.form == wire_form::stream && reports_usage;
}

}  // namespace

coalescer::membership coalescer::join_or_lead(const std::shared_ptr<fill>& mine, const need& wanted) {
  auto& home = shard_of(mine->key);
  const std::lock_guard guard{home.mutex};
  const auto [first, last] = home.under_way.equal_range(mine->key);
  for (auto at = first; at != last; ++at) {
    const auto& other = at->second;
    if (!may_join(*other, wanted)) continue;
    // One that outgrew what may be stored has lost its beginning, and takes nobody any more.
    if (!other->recording->kept()) continue;
    if (auto reader = other->recording->join()) return {.joined = other, .reader = std::move(reader), .leads = false};
  }
  home.under_way.emplace(mine->key, mine);
  return {.joined = mine, .reader = mine->recording->join(), .leads = true};
}

void coalescer::end(const fill& one) {
  auto& home = shard_of(one.key);
  const std::lock_guard guard{home.mutex};
  const auto [first, last] = home.under_way.equal_range(one.key);
  const auto at = std::find_if(first, last, [&one](const auto& item) { return item.second.get() == &one; });
  if (at != last) home.under_way.erase(at);
}

std::size_t coalescer::size() const {
  std::size_t all = 0;
  for (const auto& one : shards_) {
    const std::lock_guard guard{one.mutex};
    all += one.under_way.size();
  }
  return all;
}

}  // namespace refrain::cache
