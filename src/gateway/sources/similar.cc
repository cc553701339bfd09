#include "gateway/sources/similar.h"

#include <utility>

#include "gateway/shared/similar_answers.h"

namespace refrain::gateway {
namespace {

using semantic::reason;

/// The entry of a candidate, where it is still there and may serve the request.
net::task<entry::entry_ptr> fetch(parts& shared, entry::entry_id id) {
  auto stored = co_await shared.store.get(std::move(id));
  co_return stored ? *std::move(stored) : nullptr;
}

}  // namespace

bool similar_source::applies(const search& lookup) const {
  const auto& request = lookup.request;
  return shared_.similar != nullptr && request.is_cached() && request.list == nullptr && !lookup.is_complete() &&
         request.where.endpoint->type == entry::cache_type::llm &&
         semantic_mode_of(request) != config::semantic_mode::off;
}

net::task<> similar_source::find(search& lookup) {
  const auto& request = lookup.request;
  auto& similar = *shared_.similar;
  lookup.similar = std::make_shared<similar_search>();
  auto& mine = *lookup.similar;
  auto asked = parser_.question_of(request);
  mine.why = asked ? similar.judge_text(*asked->words) : reason::no_question;
  if (mine.why != reason::served) {
    similar.matcher().count(mine.why);
    co_return;
  }
  mine.asked = std::move(*asked);
  if (request.plan.store) lookup.record = similar.describe(*mine.asked);
  const auto hopeless = similar.matcher().hopeless(*mine.asked);
  if (!request.plan.look_up || hopeless) {
    mine.why = hopeless.value_or(reason::no_candidate);
    similar.prepare(mine.asked->text);
    co_return;
  }
  mine.found = co_await similar.find(*mine.asked, request.items.front().id.digest);
  mine.why = mine.found->why;
  if (!mine.found->is_served()) co_return;
  const auto& best = *mine.found->nearest;
  auto id = request.items.front().id;
  id.digest = best.stored->entry;
  auto stored = co_await fetch(shared_, std::move(id));
  if (stored && offer(lookup, shared_, 0, stored)) {
    lookup.slots.front().found->how = entry::outcome::semantic_hit;
    lookup.slots.front().found->similarity = best.cosine;
    co_return;
  }
  mine.why = reason::no_candidate;
  if (!stored) similar.stored().erase(best.stored->entry);
}

}  // namespace refrain::gateway
