#include "gateway/sources/stale.h"

#include <algorithm>

namespace refrain::gateway {
namespace {

bool needs_fallback(const search& of, std::size_t item) {
  const auto& one = of.slots[item];
  return of.what.items[item].same_as == item && (!one.found || !one.found->entry);
}

}  // namespace

bool stale_source::applies(const search& of) const { return of.upstream_failed; }

net::task<> stale_source::find(search& of) {
  std::vector<std::size_t> wanted;
  for (std::size_t i = 0; i < of.slots.size(); ++i) {
    if (needs_fallback(of, i)) wanted.push_back(i);
  }
  if (std::ranges::any_of(wanted, [&of](auto i) { return of.slots[i].stale_fallback == nullptr; })) co_return;
  for (const auto i : wanted) {
    if (!answer_from_entry(of, shared_, i, of.slots[i].stale_fallback, "stale-if-error")) co_return;
  }
  of.list_call.reset();
  of.passes_call_on = false;
  of.failure.reset();
}

}  // namespace refrain::gateway
