#include "gateway/sources/stale.h"

#include <algorithm>

namespace refrain::gateway {
namespace {

bool needs_fallback(const search& lookup, std::size_t item) {
  const auto& one = lookup.slots[item];
  return lookup.request.items[item].same_as == item && (!one.found || !one.found->entry);
}

}  // namespace

bool stale_source::applies(const search& lookup) const { return lookup.upstream_failed; }

net::task<> stale_source::find(search& lookup) {
  std::vector<std::size_t> wanted;
  for (std::size_t i = 0; i < lookup.slots.size(); ++i) {
    if (needs_fallback(lookup, i)) wanted.push_back(i);
  }
  if (std::ranges::any_of(wanted, [&lookup](auto i) { return lookup.slots[i].stale_fallback == nullptr; })) co_return;
  for (const auto i : wanted) {
    if (!answer_from_entry(lookup, shared_, i, lookup.slots[i].stale_fallback, "stale-if-error")) co_return;
  }
  lookup.list_call.reset();
  lookup.passes_call_on = false;
  lookup.failure.reset();
}

}  // namespace refrain::gateway
