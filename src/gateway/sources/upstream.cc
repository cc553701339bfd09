#include "gateway/sources/upstream.h"

#include <algorithm>
#include <utility>

namespace refrain::gateway {
namespace {

using base::errc;
using entry::outcome;

/// The last attempt is made alone, and so it ends with whatever comes.
constexpr int last_attempt = 3;

/// The search ends without an answer of the upstream.
void fail(search& lookup, base::error why) {
  lookup.upstream_failed = why.code != errc::cancelled;
  lookup.failure = std::move(why);
}

/// Everything that is still to come of a recording, its bytes shared with it.
net::task<base::result<std::vector<base::slice>>> collect(std::shared_ptr<entry::recording::reader> reader) {
  std::vector<base::slice> all;
  while (true) {
    const auto piece = co_await reader->next(false);
    if (!piece) co_return base::fail(piece.error());
    if (piece->empty()) co_return all;
    all.push_back(*piece);
  }
}

}  // namespace

bool is_failure(int status) noexcept { return status == 429 || status >= 500; }

net::task<> upstream_source::find(search& lookup) {
  const auto& plan = lookup.request.plan;
  if (!plan.ask_upstream) {
    lookup.failure = {.code = errc::only_if_cached, .context = "only-if-cached: not all that was asked for is stored"};
    co_return;
  }
  // A request that wants a fresh answer asks for itself: a call that is under way may have begun before it.
  const bool shares = plan.store && plan.asked == outcome::miss;
  bool hands_over = true;
  for (int attempt = 1; !lookup.is_complete() && !lookup.failure && !lookup.passes_call_on; ++attempt) {
    auto items = begin(lookup, lookup.missing(), shares && attempt < last_attempt, plan.asked);
    if (lookup.request.list != nullptr) {
      co_await await_list(lookup, std::move(items));
    } else if (!items.empty()) {
      hands_over = co_await await_answer(lookup, std::move(items.front().second), hands_over);
    }
  }
}

void upstream_source::refresh(const search& lookup) {
  if (lookup.outdated.empty()) return;
  search behind{lookup.request};
  // Whatever the entry is found by now, it is to be found by again.
  if (const auto& found = lookup.slots.front().found; found && found->entry)
    behind.record = found->entry->about.similar;
  (void)begin(behind, lookup.outdated, true, outcome::refresh);
}

/// A place in a call for each of these items: in one that this request makes now, or in another's.
std::vector<upstream_source::waiting> upstream_source::begin(search& lookup, const std::vector<std::size_t>& wanted,
                                                             bool joins, outcome kind) {
  const auto& request = lookup.request;
  std::vector<waiting> items;
  std::vector<std::size_t> led;
  std::vector<std::shared_ptr<cache::fill>> fills;
  for (const auto i : wanted) {
    auto mine = join_or_lead(request, i, joins, kind);
    if (joins && kind == outcome::miss && mine.leads() && stored_meanwhile(lookup, i, mine)) continue;
    if (mine.leads()) {
      led.push_back(i);
      fills.push_back(mine.fill);
    }
    lookup.readers.push_back(mine.reader);
    items.emplace_back(i, std::move(mine));
  }
  if (led.empty()) return items;
  const bool list = request.list != nullptr;
  auto call = list ? make_list_request(request, shared_, led, fills) : make_request(request, shared_, fills.front());
  call->asked = kind;
  call->about.similar = lookup.record;
  if (lookup.similar && lookup.similar->asked) call->similar = lookup.similar;
  if (list) {
    lookup.list_call = found_answer{.fill = call->fill, .reader = call->fill->recording->join(), .how = kind};
    lookup.readers.push_back(lookup.list_call->reader);
  }
  start_(std::move(call));
  return items;
}

found_answer upstream_source::join_or_lead(const ask& request, std::size_t item, bool joins, outcome kind) {
  auto fill = make_fill(request, shared_, item);
  if (!joins) {
    auto reader = fill->recording->join();
    return {.fill = std::move(fill), .reader = std::move(reader), .how = kind};
  }
  auto membership = shared_.fills.join_or_lead(
      fill, {.form = fill->form, .wants_usage = request.parsed->wants_usage, .purge_number = fill->purge_number});
  return {.fill = std::move(membership.joined),
          .reader = std::move(membership.reader),
          .how = membership.leads ? kind : outcome::coalesced};
}

/// It may have been stored between the look into the store and our lead: the call is then not made, and whoever has
/// joined it in the meantime asks again.
bool upstream_source::stored_meanwhile(search& lookup, std::size_t item, const found_answer& mine) {
  auto stored = shared_.store.peek(lookup.request.items[item].id);
  if (!stored || !offer(lookup, shared_, item, std::move(stored))) return false;
  shared_.fills.end(*mine.fill);
  mine.fill->recording->fail({.code = errc::upstream_closed, .context = "the call was not made"});
  return true;
}

/// Waits until there is an answer to pass on. True while a broken call of another request may be made again by this
/// one.
net::task<bool> upstream_source::await_answer(search& lookup, found_answer mine, bool hands_over) {
  const auto head = co_await mine.reader->head();
  base::result<void> done;
  if (head) {
    mine.head = *head;
    // The refusal of an upstream concerns the account that has asked.
    if (!mine.leads() && mine.head->status >= 400 && mine.fill->credential != lookup.request.who->account)
      co_return hands_over;
    lookup.upstream_failed = is_failure(mine.head->status);
    done = co_await turn(lookup, mine);
  } else {
    done = base::fail(head.error());
  }
  if (done) {
    lookup.slots[0].found = std::move(mine);
  } else if (mine.leads() || !hands_over || done.error().code == errc::cancelled || lookup.slots[0].stale_fallback) {
    fail(lookup, done.error());
  } else {
    co_return false;
  }
  co_return hands_over;
}

/// Where the call brings another wire form than the one asked for, that is made once the whole answer is here.
net::task<base::result<void>> upstream_source::turn(search& lookup, found_answer& mine) {
  const auto& request = lookup.request;
  if (mine.head->status != 200 || mine.fill->form == request.parsed->form) co_return base::result<void>{};
  auto pieces = co_await collect(mine.reader);
  if (!pieces) co_return base::fail(pieces.error());
  // One that was kept stands in one piece by now.
  if (mine.fill->recording->kept()) *pieces = mine.fill->recording->body();
  auto made = render(request, shared_, *pieces,
                     {.form = mine.fill->form, .body = {}, .marks = {}, .suffix = request.parsed->suffix});
  if (!made) {
    co_return base::fail(errc::upstream_protocol, "the upstream's stream cannot be read as a plain answer");
  }
  mine.turned = std::move(*made);
  co_return base::result<void>{};
}

/// Waits for the call that this request has made, if any, then for every item. An item of another request's call that
/// broke stays missing.
net::task<> upstream_source::await_list(search& lookup, std::vector<waiting> items) {
  if (lookup.list_call) {
    const auto usable = co_await await_list_call(lookup);
    if (!usable) co_return fail(lookup, usable.error());
    lookup.passes_call_on = !*usable;
    if (lookup.passes_call_on) co_return;
  }
  for (auto& [item, mine] : items) {
    const auto head = co_await mine.reader->head();
    if (head) {
      mine.entry = mine.fill->made;
      lookup.slots[item].found = std::move(mine);
    } else if (head.error().code == errc::cancelled) {
      co_return fail(lookup, head.error());
    } else if (mine.leads()) {
      co_return co_await pass_whole_on(lookup, items);
    }
  }
}

/// True once the whole answer to a list is here; false where it goes to the client as it comes.
net::task<base::result<bool>> upstream_source::await_list_call(search& lookup) {
  auto& call = *lookup.list_call;
  const auto head = co_await call.reader->head();
  if (!head) co_return base::fail(head.error());
  call.head = *head;
  lookup.upstream_failed = is_failure(call.head->status);
  if (call.head->status != 200) co_return false;
  co_return co_await call.reader->whole();
}

/// The answer is not what was asked for, so none of it is stored: the client gets what the upstream says to the
/// client's own list.
net::task<> upstream_source::pass_whole_on(search& lookup, std::span<const waiting> items) {
  const auto led = std::ranges::count_if(items, [](const waiting& one) { return one.second.leads(); });
  if (led != lookup.request.distinct_items()) {
    auto call = make_request(lookup.request, shared_, make_fill(lookup.request, shared_, 0));
    call->store = false;
    call->why_not = entry::uncacheable_reason::malformed_answer;
    call->asked = lookup.request.plan.asked;
    lookup.list_call = found_answer{.fill = call->fill, .reader = call->fill->recording->join(), .how = call->asked};
    lookup.readers.push_back(lookup.list_call->reader);
    start_(std::move(call));
    const auto usable = co_await await_list_call(lookup);
    if (!usable) co_return fail(lookup, usable.error());
  }
  lookup.passes_call_on = true;
}

}  // namespace refrain::gateway
