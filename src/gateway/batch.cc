#include "gateway/batch.h"

#include <algorithm>
#include <unordered_map>

#include "gateway/batch_filler.h"
#include "gateway/deliver.h"
#include "gateway/reading.h"
#include "gateway/reply.h"
#include "provider/batch.h"

namespace refrain::gateway {
namespace {

using base::errc;
using base::fail;
using entry::outcome;

/// How often the calls of others may break before all that is still missing is asked for alone.
constexpr int shared_attempts = 2;

cache::freshness freshness_of(const transaction& now, const entry::entry& one, base::sys_seconds at) {
  return cache::judge_freshness({one.about.stored_at, one.about.ttl}, now.asked.freshness, at);
}

bool serves_item(const transaction& now, const entry::entry& one, base::sys_seconds at) {
  return one.body.size() == 1 && cache::may_serve(freshness_of(now, one, at));
}

bool item_may_stand_in(const transaction& now, const entry::entry& one, base::sys_seconds at) {
  return one.body.size() == 1 &&
         cache::may_stand_in({one.about.stored_at, one.about.ttl}, now.asked.stale_if_error, at);
}

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

  void take_age(const entry::meta& about, base::sys_seconds at) {
    const auto its_age = at - about.stored_at;
    age = std::max(age.value_or(its_age), its_age);
    left = std::min(left.value_or(about.ttl - its_age), about.ttl - its_age);
  }
};

}  // namespace

/// One item on its way to an answer.
struct batcher::slot {
  provider::batch_item item;
  entry::entry_id id;
  std::size_t first = 0;  ///< the first slot that is the same; often this one

  // Where the answer comes from: an entry, or a fill.
  entry::entry_ptr found;
  bool outdated = false;      ///< what was found answers, and is to be replaced behind the answer
  entry::entry_ptr stand_in;  ///< past its time, but better than an error
  std::shared_ptr<cache::fill> fill;
  std::shared_ptr<entry::recording::reader> reader;
  bool leads = false;
  std::optional<std::string> fetched;

  [[nodiscard]] bool is_missing() const { return !found && !fetched; }
  [[nodiscard]] std::string_view text() const {
    return found ? found->body.front().view() : std::string_view{*fetched};
  }
  [[nodiscard]] const entry::token_usage& usage() const { return found ? found->about.usage : fill->usage; }
};

struct batcher::batch_run {
  transaction& now;
  const provider::batch& wire;
  provider::batch_request asked;
  std::vector<slot> slots{};
  std::optional<entry::answer_head> head{};  ///< of our own call's answer
  bool answered = false;                     ///< the upstream's refusal has gone to the client
  bool stood_in = false;                     ///< the upstream failed, and entries past their time answer

  /// The slots that wait, one for each item however often it is asked for.
  [[nodiscard]] std::vector<std::size_t> missing() const {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < slots.size(); ++i) {
      if (slots[i].first == i && slots[i].is_missing()) all.push_back(i);
    }
    return all;
  }
  [[nodiscard]] std::vector<std::size_t> outdated() const {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < slots.size(); ++i) {
      if (slots[i].first == i && slots[i].outdated) all.push_back(i);
    }
    return all;
  }

  /// The upstream has failed: entries past their time take the place of what is missing. False where one has none.
  [[nodiscard]] bool stand_in() {
    const auto wanted = missing();
    if (std::ranges::any_of(wanted, [this](auto i) { return slots[i].stand_in == nullptr; })) return false;
    for (const auto i : wanted) slots[i].found = slots[i].stand_in;
    head.reset();
    return stood_in = true;
  }

  /// The call has ended without an answer.
  [[nodiscard]] base::result<void> make_do_without(const base::error& why) {
    if (why.code != errc::cancelled && stand_in()) return {};
    return fail(why);
  }

  [[nodiscard]] const slot& of(std::size_t i) const { return slots[slots[i].first]; }
};

net::task<base::result<void>> batcher::answer(transaction& now) {
  const auto all = begin(now);
  if (now.plan.look_up) co_await look_up(all);
  if (!all->missing().empty() && !now.plan.ask_upstream) {
    co_return fail(errc::only_if_cached, "only-if-cached: not all of it is stored");
  }
  if (now.plan.store) refresh_behind(*all);
  for (int attempt = 0; !all->missing().empty(); ++attempt) {
    auto done = co_await fetch_missing(all, attempt < shared_attempts);
    if (!done || all->answered) co_return done;
  }
  co_return co_await deliver(all);
}

std::shared_ptr<batcher::batch_run> batcher::begin(transaction& now) const {
  const auto type = now.with.request().find("content-type").value_or("");
  const auto& wire = *now.where.endpoint->wire.as_batch();
  auto all = std::make_shared<batch_run>(
      now, wire,
      wire.read({.path = now.where.path, .query = now.where.query, .body = now.body, .content_type = type}));
  std::unordered_map<base::digest256, std::size_t> seen;
  for (auto& item : all->asked.items) {
    slot one{.item = std::move(item), .id = now.id};
    one.id.digest = keys_.key_of(now, one.item.content);
    one.first = seen.emplace(one.id.digest, all->slots.size()).first->second;
    all->slots.push_back(std::move(one));
  }
  // What one item is stored under is what the request is known by.
  if (all->slots.size() == 1) now.id = all->slots.front().id;
  return all;
}

net::task<> batcher::look_up(std::shared_ptr<batch_run> all) {
  const auto& now = all->now;
  const auto at = shared_.clock.seconds();
  for (auto& one : all->slots) {
    if (&one != &all->slots[one.first]) continue;
    auto found = shared_.store.peek(one.id);
    if (!found) {
      auto fetched = co_await shared_.store.get(one.id);
      if (fetched) found = std::move(*fetched);
    }
    if (!found) continue;
    if (serves_item(now, *found, at)) {
      one.outdated = freshness_of(now, *found, at) == cache::freshness::revalidate;
      one.found = std::move(found);
    } else if (item_may_stand_in(now, *found, at)) {
      one.stand_in = std::move(found);
    }
  }
}

/// Has stale items replaced while they still answer; one call does for all who ask meanwhile.
void batcher::refresh_behind(batch_run& all) {
  const auto which = all.outdated();
  take_places(all, which, true);
  if (auto job = make_call(all, which)) {
    job->asked = outcome::refresh;
    fetcher_.start(std::move(job));
  }
}

/// What is at hand by now.
bool batcher::take_stored(const transaction& now, slot& one) {
  auto found = shared_.store.peek(one.id);
  if (!found || !serves_item(now, *found, shared_.clock.seconds())) return false;
  one.found = std::move(found);
  return true;
}

void batcher::withdraw(const cache::fill& unmade) {
  shared_.fills.end(unmade);
  unmade.recording->fail({.code = errc::upstream_closed, .context = "the call was not made"});
}

net::task<base::result<void>> batcher::fetch_missing(std::shared_ptr<batch_run> all, bool shares) {
  auto& now = all->now;
  const bool joins = shares && now.plan.store && now.plan.asked == outcome::miss;
  take_places(*all, all->missing(), joins);
  // It may have been stored between our look and our lead.
  for (const auto i : joins ? all->missing() : std::vector<std::size_t>{}) {
    auto& one = all->slots[i];
    if (one.leads && take_stored(now, one)) withdraw(*one.fill);
  }
  if (auto job = make_call(*all, all->missing())) {
    const auto own = job->fill->recording->join();
    fetcher_.start(job);
    auto asked = co_await await_call(all, job, own);
    if (!asked || all->answered) co_return asked;
  }
  co_return co_await await_items(all);
}

/// A place for each of these items: at the head of a fill of its own, or in another's.
void batcher::take_places(batch_run& all, const std::vector<std::size_t>& which, bool shares) {
  for (const auto i : which) {
    auto& one = all.slots[i];
    auto about = describe(all.now, shared_);
    about.id = one.id;
    about.form = entry::wire_form::plain;
    const auto fill = make_fill(all.now, shared_, about, true);
    auto place = shares ? shared_.fills.join_or_lead(fill, {.purge_number = fill->purge_number})
                        : cache::coalescer::place{.joined = fill, .reader = fill->recording->join(), .leads = true};
    one.fill = std::move(place.joined);
    one.reader = std::move(place.reader);
    one.leads = place.leads;
  }
}

/// The call for those of these items that this request leads; null where others fetch them all.
std::shared_ptr<errand> batcher::make_call(batch_run& all, const std::vector<std::size_t>& which) {
  std::vector<std::size_t> wanted;
  std::vector<item_fill> items;
  std::uint64_t characters = 0;
  for (const auto i : which) {
    const auto& one = all.slots[i];
    if (!one.leads) continue;
    auto about = describe(all.now, shared_);
    about.id = one.id;
    about.fill = one.fill->id;
    about.purge_number = one.fill->purge_number;
    about.query = one.item.query;
    about.form = entry::wire_form::plain;
    about.usage.characters = one.item.characters;
    characters += one.item.characters.value_or(0);
    wanted.push_back(i);
    items.push_back({.about = std::move(about), .fill = one.fill, .weight = one.item.weight});
  }
  if (wanted.empty()) return nullptr;

  auto job = make_errand(all.now, shared_, all.wire.ask_for(all.asked, all.now.body, wanted));
  // Its parts are what the entry cap is for; the whole is bounded by what all recordings share.
  job->fill->recording =
      std::make_shared<entry::recording>(shared_.budget, all.now.at->settings.fill.max_bytes.value, true);
  if (all.now.known->characters) job->about.usage.characters = characters;
  job->items = items.size();
  job->into = std::make_unique<batch_filler>(shared_, all.wire, std::move(items));
  return job;
}

/// Waits for our own call; what is no answer goes to the client as it is.
net::task<base::result<void>> batcher::await_call(std::shared_ptr<batch_run> all, std::shared_ptr<errand> job,
                                                  std::shared_ptr<entry::recording::reader> own) {
  auto& now = all->now;
  const hangup_watch watch{now.with.peer(), own};
  const auto head = co_await own->head();
  if (!head) co_return all->make_do_without(head.error());
  if (is_failure((*head)->status) && all->stand_in()) co_return base::result<void>{};
  all->head = **head;
  const auto body = co_await collect(own);
  if (!body) co_return all->make_do_without(body.error());
  if (all->head->status == 200) co_return base::result<void>{};

  now.result = now.plan.asked;
  auto reply = reply_head_of(*all->head, now, false);
  const auto key = now.id.digest.hex();
  add_cache_fields(reply, now,
                   {.fwd = cache::forward_reason(now.plan, now.found), .fwd_status = all->head->status, .key = key});
  const auto whole = joined(*body);
  (void)co_await now.with.send(reply, std::string_view{whole});
  all->answered = true;
  co_return base::result<void>{};
}

/// Takes what the fills bring; an item whose fill was another's and broke stays missing.
net::task<base::result<void>> batcher::await_items(std::shared_ptr<batch_run> all) {
  for (const auto i : all->missing()) {
    auto& one = all->slots[i];
    const hangup_watch watch{all->now.with.peer(), one.reader};
    auto text = co_await collect(one.reader);
    if (text) {
      one.fetched = joined(*text);
    } else if (one.leads || text.error().code == errc::cancelled) {
      co_return fail(text.error());
    }
  }
  co_return base::result<void>{};
}

net::task<base::result<void>> batcher::deliver(std::shared_ptr<batch_run> all) {
  auto& now = all->now;
  const auto at = shared_.clock.seconds();
  summary sum;
  for (std::size_t i = 0; i < all->slots.size(); ++i) {
    const auto& one = all->of(i);
    const bool spared = one.found || !one.leads;
    sum.texts.push_back(one.text());
    add(sum.used, one.usage());
    if (spared) add(sum.spared, one.usage());
    ++(spared ? sum.counted.hits : sum.counted.misses);
    if (one.found) sum.take_age(one.found->about, at);
  }
  auto answer = all->wire.put_together(all->asked, sum.texts, sum.used);
  if (!answer) co_return fail(errc::upstream_protocol, answer.error().context);
  // Whoever reads slowly holds what he is sent, and nothing else.
  const auto body = shared_.bodies.share(std::move(answer->body));
  all->slots.clear();

  now.items = sum.counted;
  if (sum.counted.hits > 0) now.saved = shared_.prices.cost(now.where.to->name, now.known->model, sum.spared);
  const auto key = now.id.digest.hex();
  cache::cache_status status{.key = key};
  if (sum.counted.misses > 0) {
    now.result = now.plan.asked;
    status.fwd = cache::forward_reason(now.plan, now.found);
    status.fwd_status = 200;
    status.stored = now.plan.store;
  } else if (!sum.age) {
    now.result = outcome::coalesced;
    status.fwd = cache::forward_reason(now.plan, now.found);
    status.collapsed = true;
  } else {
    now.result = *sum.left > std::chrono::seconds{0} ? outcome::hit : outcome::stale;
    status.ttl = sum.left;
    if (all->stood_in) status.detail = "stale-if-error";
  }
  auto reply = all->head ? reply_head_of(*all->head, now, false) : http::reply_head{};
  if (!all->head) {
    reply.add("Date", http::date_now());
    reply.add("Content-Type", answer->content_type);
  }
  if (status.ttl) reply.add("Age", std::to_string(sum.age->count()));
  add_cache_fields(reply, now, status);
  (void)co_await now.with.send(reply, std::string_view{*body});
  co_return base::result<void>{};
}

}  // namespace refrain::gateway
