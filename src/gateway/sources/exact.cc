#include "gateway/sources/exact.h"

namespace refrain::gateway {

// A fault of the store is a miss (invariant 3); the store has said so in its own log.
net::task<> exact_source::find(search& of) {
  const auto& items = of.what.items;
  std::vector<std::size_t> below;
  std::vector<entry::entry_id> ids;
  for (const auto i : of.missing()) {
    if (auto at_hand = shared_.store.peek(items[i].id)) {
      take(of, i, std::move(at_hand));
    } else {
      below.push_back(i);
      ids.push_back(items[i].id);
    }
  }
  if (below.size() == 1) {
    auto stored = co_await shared_.store.get(std::move(ids.front()));
    if (stored && *stored) take(of, below.front(), std::move(*stored));
  } else if (!below.empty()) {
    auto stored = co_await shared_.store.get_many(std::move(ids));
    for (std::size_t i = 0; i < below.size(); ++i) {
      if (stored[i]) take(of, below[i], std::move(stored[i]));
    }
  }
}

void exact_source::take(search& of, std::size_t item, entry::entry_ptr stored) {
  const cache::lifetime lifetime{stored->about.stored_at, stored->about.ttl};
  const auto at = shared_.clock.seconds();
  const auto age = cache::judge_freshness(lifetime, of.what.directives.freshness, at);
  if (of.what.list == nullptr) {
    of.freshness = age;
    of.stored_at = stored->about.stored_at;
  }
  if (!has_form(of.what, *stored)) return;
  if (!cache::may_serve(age)) {
    if (cache::is_stale_fallback(lifetime, of.what.directives.stale_if_error, at))
      of.slots[item].stale_fallback = std::move(stored);
  } else if (answer_from_entry(of, shared_, item, std::move(stored)) && age == cache::freshness::revalidate &&
             of.what.plan.store) {
    of.outdated.push_back(item);
  }
}

}  // namespace refrain::gateway
