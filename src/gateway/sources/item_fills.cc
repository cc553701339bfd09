#include "gateway/sources/item_fills.h"

#include <algorithm>
#include <utility>

namespace refrain::gateway {
namespace {

void fill_item(parts& shared, item_fill& one, const entry::answer_head& head, base::slice body, bool storable) {
  auto fresh = std::make_shared<entry::entry>();
  fresh->about = std::move(one.about);
  auto& about = fresh->about;
  about.stored_at = shared.clock.seconds();
  about.content_type = head.content_type;
  about.cost = shared.prices.cost(about.upstream, about.model, about.usage);
  about.size = body.size();
  fresh->body.push_back(std::move(body));

  auto& fill = *one.fill;
  fill.cost = about.cost;
  fill.made = fresh;
  fill.stored = storable && !shared.purges.dead(about) && shared.store.put(std::move(fresh));
  shared.fills.end(fill);
  fill.recording->begin(head);
  fill.recording->complete();
}

}  // namespace

void fill_items(parts& shared, upstream_request& request, const entry::answer_head& head,
                std::vector<std::string> bodies, const provider::verdict& judged, bool storable) {
  const auto tokens = share_out(judged.usage.input.value_or(0), request.items);
  for (std::size_t i = 0; i < request.items.size(); ++i) {
    auto& usage = request.items[i].about.usage;
    if (judged.usage.input) usage.input = tokens[i];
    if (judged.usage.output) usage.output = 0;
    fill_item(shared, request.items[i], head, base::slice{std::move(bodies[i])}, storable);
  }
  request.items.clear();
}

void fail_items(parts& shared, upstream_request& request, const base::error& why) {
  for (const auto& one : request.items) {
    // Ended before the recording tells: whoever is told that it failed must not join it again.
    shared.fills.end(*one.fill);
    one.fill->recording->fail(why);
  }
  request.items.clear();
}

std::vector<std::uint64_t> share_out(std::uint64_t total, std::span<const item_fill> among) {
  std::uint64_t weights = 0;
  for (const auto& one : among) weights += one.weight;
  std::vector<std::uint64_t> shares;
  // Each gets what the running sum has grown by, so that nothing is lost to rounding.
  std::uint64_t given = 0;
  std::uint64_t passed = 0;
  for (const auto& one : among) {
    passed += one.weight;
    const auto until = static_cast<std::uint64_t>(static_cast<unsigned __int128>(total) * passed /
                                                  std::max<std::uint64_t>(weights, 1));
    shares.push_back(until - given);
    given = until;
  }
  return shares;
}

}  // namespace refrain::gateway
