#include "gateway/assemble/list.h"

#include <algorithm>
#include <string>
#include <utility>

namespace refrain::gateway {
namespace {

using base::errc;
using entry::outcome;

void add(entry::token_usage& to, const entry::token_usage& more) {
  if (more.input) to.input = to.input.value_or(0) + *more.input;
  if (more.output) to.output = to.output.value_or(0) + *more.output;
  if (more.characters) to.characters = to.characters.value_or(0) + *more.characters;
}

/// What the items of an answer come to.
struct summary {
  std::vector<std::string_view> texts{};
  entry::token_usage used{};    ///< all of them
  entry::token_usage spared{};  ///< those that were not asked for
  item_counts counted{};
  std::optional<std::chrono::seconds> age{};   ///< of the oldest that was stored
  std::optional<std::chrono::seconds> left{};  ///< time to live of the first to expire
  std::string_view detail{};
  bool stored = true;  ///< all that was asked for

  void add_item(const found_answer& one, base::sys_seconds at) {
    const auto& about = one.entry->about;
    texts.push_back(one.entry->body.front().view());
    add(used, about.usage);
    if (!one.leads()) add(spared, about.usage);
    ++(one.leads() ? counted.misses : counted.hits);
    if (one.leads()) stored = stored && one.fill->stored;
    if (one.fill) return;
    const auto its_age = at - about.stored_at;
    age = std::max(age.value_or(its_age), its_age);
    left = std::min(left.value_or(about.ttl - its_age), about.ttl - its_age);
    if (detail.empty()) detail = one.detail;
  }
};

cache::cache_status status_of(const search& lookup, const summary& sum, reply& made) {
  cache::cache_status status{};
  const auto& plan = lookup.request.plan;
  if (sum.counted.misses > 0) {
    made.outcome = plan.asked;
    status = {.fwd = cache::forward_reason(plan, lookup.freshness), .fwd_status = 200, .stored = sum.stored};
  } else if (!sum.age) {
    made.outcome = outcome::coalesced;
    status = {.fwd = cache::forward_reason(plan, lookup.freshness), .collapsed = true};
  } else {
    made.outcome = *sum.left > std::chrono::seconds{0} ? outcome::hit : outcome::stale;
    status = {.ttl = sum.left, .detail = sum.detail};
  }
  return status;
}

}  // namespace

reply reply_of_list(const search& lookup, parts& shared, base::sys_seconds at) {
  const auto& request = lookup.request;
  summary sum;
  for (std::size_t i = 0; i < request.items.size(); ++i) sum.add_item(lookup.of(i), at);
  auto answer = request.list->put_together(request.parsed->list, sum.texts, sum.used);
  if (!answer) return refusal(request, {.code = errc::upstream_protocol, .context = answer.error().context});

  reply made{.items = sum.counted};
  if (lookup.list_call) {
    made.head = head_of_answer(request, *lookup.list_call->head, false);
  } else {
    made.head.add("Date", http::date_now());
    made.head.add("Content-Type", answer->content_type);
  }
  if (sum.counted.hits > 0) made.saved = shared.prices.cost(request.where.to->name, request.parsed->model, sum.spared);
  auto status = status_of(lookup, sum, made);
  const auto key = request.shown_key();
  status.key = key;
  if (status.ttl) made.head.add("Age", std::to_string(sum.age->count()));
  add_cache_fields(made, status);
  // A slow client holds what it is sent, and nothing else.
  const auto body = shared.bodies.share(std::move(answer->body));
  made.pieces = {*body};
  made.owner = body;
  return made;
}

}  // namespace refrain::gateway
