#include "gateway/sources/rotated.h"

#include <memory>
#include <utility>

#include "gateway/sources/exact.h"

namespace refrain::gateway {

bool rotated_source::applies(const search& lookup) const {
  const auto& request = lookup.request;
  return shared_.former_digests && request.formerly != nullptr && request.plan.look_up && !lookup.is_complete();
}

net::task<> rotated_source::find(search& lookup) {
  const auto& items = lookup.request.items;
  std::vector<std::size_t> wanted;
  std::vector<entry::entry_id> ids;
  for (std::size_t i = 0; i < items.size(); ++i) {
    // An entry of now that is past its time is younger all the same.
    if (!lookup.is_missing(i) || !items[i].former || lookup.slots[i].stale_fallback || lookup.freshness) continue;
    wanted.push_back(i);
    auto& id = ids.emplace_back(items[i].id);
    id.digest = *items[i].former;
    id.tenant = lookup.request.former_tenant;
  }
  if (ids.empty()) co_return;
  const auto stored = co_await shared_.store.get_many(std::move(ids));
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (stored[i] != nullptr) take_over(lookup, wanted[i], *stored[i]);
  }
}

void rotated_source::take_over(search& lookup, std::size_t item, const entry::entry& stored) {
  auto made = std::make_shared<entry::entry>(stored);
  made->about.id = lookup.request.items[item].id;
  made->about.tenant_label = lookup.request.tenant.label;
  // Who deleted the entry of now meant this one too.
  if (shared_.purges.dead(made->about)) return;
  if (lookup.request.plan.store) shared_.store.put(made);
  judge_stored(lookup, shared_, item, std::move(made));
}

}  // namespace refrain::gateway
