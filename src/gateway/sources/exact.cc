#include "gateway/sources/exact.h"

namespace refrain::gateway {

// A fault of the store is a miss (invariant 3); the store has said so in its own log.
net::task<> exact_source::find(search& lookup) {
  const auto& items = lookup.request.items;
  std::vector<std::size_t> below;
  std::vector<entry::entry_id> ids;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!lookup.is_missing(i)) continue;
    if (auto at_hand = shared_.store.peek(items[i].id)) {
      judge_stored(lookup, shared_, i, std::move(at_hand));
    } else {
      below.push_back(i);
      ids.push_back(items[i].id);
    }
  }
  if (below.size() == 1) {
    auto stored = co_await shared_.store.get(std::move(ids.front()));
    if (stored && *stored) judge_stored(lookup, shared_, below.front(), std::move(*stored));
  } else if (!below.empty()) {
    auto stored = co_await shared_.store.get_many(std::move(ids));
    for (std::size_t i = 0; i < below.size(); ++i) {
      if (stored[i]) judge_stored(lookup, shared_, below[i], std::move(stored[i]));
    }
  }
}

void judge_stored(search& lookup, parts& shared, std::size_t item, entry::entry_ptr stored) {
  const cache::lifetime lifetime{stored->about.stored_at, stored->about.ttl};
  const auto at = shared.clock.seconds();
  const auto age = cache::judge_freshness(lifetime, lookup.request.directives.freshness, at);
  if (lookup.request.list == nullptr) lookup.freshness = age;
  lookup.slots[item].stored_at = stored->about.stored_at;
  if (!has_form(lookup.request, *stored)) return;
  if (!cache::may_serve(age)) {
    if (cache::is_stale_fallback(lifetime, lookup.request.directives.stale_if_error, at))
      lookup.slots[item].stale_fallback = std::move(stored);
  } else if (answer_from_entry(lookup, shared, item, std::move(stored)) && age == cache::freshness::revalidate &&
             lookup.request.plan.store) {
    lookup.outdated.push_back(item);
  }
}

}  // namespace refrain::gateway
