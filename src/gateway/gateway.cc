#include "gateway/gateway.h"

#include "base/text.h"
#include "gateway/deliver.h"
#include "gateway/forward.h"
#include "gateway/inherit.h"
#include "gateway/relay.h"
#include "gateway/reply.h"
#include "gateway/story.h"

namespace refrain::gateway {
namespace {

using base::errc;
using entry::outcome;
using entry::uncacheable_reason;
using entry::wire_form;

http::client_limits limits_of(const site& at) {
  const auto& from = at.settings.limits;
  return {.connect = from.connect, .first_byte = from.first_byte, .idle = from.idle};
}

/// Why a cached endpoint's request is not even read.
uncacheable_reason stands_aside(const http::request_head& head) {
  if (head.method != "POST") return uncacheable_reason::method;
  if (head.find("content-encoding")) return uncacheable_reason::encoded_body;
  return uncacheable_reason::none;
}

item_counts items_of(const transaction& now) {
  if (now.items) return *now.items;
  if (entry::is_hit(now.result)) return {.hits = 1};
  return {.misses = now.result == outcome::bypass ? 0U : 1U};
}

}  // namespace

gateway::gateway(parts& shared, net::loop& home, std::shared_ptr<const site> at,
                 std::shared_ptr<net::tls_context> trust)
    : shared_(shared),
      door_(shared),
      reader_(shared),
      fetcher_(shared, home, std::move(trust)),
      batcher_(shared, reader_, fetcher_) {
  configure(std::move(at));
}

void gateway::configure(std::shared_ptr<const site> at) {
  site_ = std::move(at);
  fetcher_.client().set_limits(limits_of(*site_));
  door_.forget();
  reader_.configure(*site_);
}

net::task<> gateway::answer(http::exchange& with, target where) {
  transaction now{with, site_, where, shared_.clock.steady()};
  if (shared_.draining.load(std::memory_order_relaxed)) {
    co_await refuse(now, {.code = errc::draining, .context = "the gateway is stopping; ask again in a moment"});
    co_return;
  }
  if (auto in = door_.admit(now); !in) {
    co_await refuse(now, std::move(in).error());
    co_return;
  }
  const auto aside = where.endpoint == nullptr ? uncacheable_reason::method : stands_aside(with.request());
  if (aside != uncacheable_reason::none) {
    co_await relay(now, shared_, fetcher_.client(), aside);
  } else {
    co_await answer_cached(now);
  }
  settle(now);
}

net::task<> gateway::answer_cached(transaction& now) {
  const auto limit = now.at->settings.limits.request_body;
  if (const auto whole = now.with.body_at_hand(); whole && whole->size() <= limit.value) {
    now.body = *whole;
  } else {
    const auto body = co_await now.with.read_body(limit);
    if (!body) {
      co_await refuse(now, body.error());
      co_return;
    }
    now.body = *body;
  }
  if (auto read = reader_.read(now); !read) {
    co_await refuse(now, std::move(read).error());
    co_return;
  }
  const bool cached = now.plan.look_up || now.plan.store;
  if (cached && now.where.endpoint->wire.as_batch() != nullptr) {
    auto answered = co_await batcher_.answer(now);
    if (!answered) co_await refuse(now, std::move(answered).error());
    co_return;
  }
  if (now.plan.look_up) {
    bool answered = co_await answer_from_store(now);
    if (!answered && may_inherit(now)) answered = co_await answer_from_inheritance(now);
    if (answered) co_return;
  }
  if (!now.plan.ask_upstream) {
    co_await refuse(now, {.code = errc::only_if_cached, .context = "only-if-cached: nothing fit to serve is stored"});
    co_return;
  }
  co_await ask_upstream(now);
}

net::task<bool> gateway::answer_from_store(transaction& now) {
  const auto at = shared_.clock.seconds();
  auto found = shared_.store.peek(now.id);
  if (!found) {
    auto fetched = co_await shared_.store.get(now.id);
    // A store's fault is a miss (invariant 3); the store has said so in its own log.
    if (fetched) found = std::move(*fetched);
  }
  if (!found) co_return false;
  now.found = cache::judge_freshness({found->about.stored_at, found->about.ttl}, now.asked.freshness, at);
  now.found_from = found->about.stored_at;
  if (!serves(now, *found, at)) {
    if (may_stand_in(now, *found, at)) now.stand_in = std::move(found);
    co_return false;
  }
  if (now.found == cache::freshness::revalidate && now.plan.store) refresh_behind(now);
  const bool delivered = co_await deliver_entry(now, shared_, std::move(found), at);
  co_return delivered;
}

/// Where LiteLLM has cached before us, what it left answers too, and is ours from then on.
net::task<bool> gateway::answer_from_inheritance(transaction& now) {
  auto inherited = co_await inherit(now, shared_);
  if (!inherited) co_return false;
  now.inherited = true;
  if (now.plan.store) shared_.store.put(inherited);
  const bool delivered = co_await deliver_entry(now, shared_, std::move(inherited), shared_.clock.seconds());
  now.inherited = delivered;
  co_return delivered;
}

/// Has a stale entry replaced while it still answers; one call does for all who ask meanwhile.
void gateway::refresh_behind(const transaction& now) {
  auto job = errand_for(now);
  job->asked = outcome::refresh;
  const auto place = take_place(now, job, true);
  if (place.leads) fetcher_.start(std::move(job));
}

net::task<> gateway::ask_upstream(transaction& now) {
  // Whoever wants a fresh answer asks for himself: a call that is under way may have begun before the directive.
  const bool shares = now.plan.store && now.plan.asked == outcome::miss;
  // The last attempt is made alone, and so it ends with whatever comes.
  constexpr int last_attempt = 3;
  bool broken_before = false;
  for (int attempt = 1;; ++attempt) {
    auto job = errand_for(now);
    const auto place = take_place(now, job, shares && attempt < last_attempt);
    if (place.leads) {
      // It may have been stored between our look and our lead.
      if (auto found = shares ? stored_meanwhile(now) : nullptr) {
        withdraw(*job->fill);
        const bool delivered = co_await deliver_entry(now, shared_, std::move(found), shared_.clock.seconds());
        if (delivered) co_return;
        continue;
      }
      fetcher_.start(std::move(job));
    }
    const auto how = co_await follow(now, shared_, place.joined, place.reader, place.leads, !broken_before);
    if (how == followed::answered) co_return;
    broken_before = broken_before || how == followed::broken;
    if (how != followed::failed) continue;
    const bool delivered = co_await deliver_entry(now, shared_, now.stand_in, shared_.clock.seconds());
    if (delivered) co_return;
    now.stand_in.reset();
  }
}

cache::coalescer::membership gateway::take_place(const transaction& now, const std::shared_ptr<errand>& job,
                                                 bool shares) {
  if (!shares) return {.joined = job->fill, .reader = job->fill->recording->join(), .leads = true};
  return shared_.fills.join_or_lead(
      job->fill,
      {.form = now.known->form, .wants_usage = now.known->wants_usage, .purge_number = job->fill->purge_number});
}

entry::entry_ptr gateway::stored_meanwhile(const transaction& now) {
  auto found = shared_.store.peek(now.id);
  return found && serves(now, *found, shared_.clock.seconds()) ? found : nullptr;
}

/// Takes back a call that was never made; who has joined it in the meantime asks again.
void gateway::withdraw(const cache::fill& unmade) {
  shared_.fills.end(unmade);
  unmade.recording->fail({.code = errc::upstream_closed, .context = "the call was not made"});
}

std::shared_ptr<errand> gateway::errand_for(const transaction& now) {
  return make_errand(now, shared_, now.where.endpoint->wire.forward_body(now.body, *now.known, asks_for_usage(now)));
}

net::task<> gateway::refuse(transaction& now, base::error why) {
  shared_.counts.refused(why.code);
  if (why.code == errc::closed || why.code == errc::cancelled) {
    now.with.abort();
    co_return;
  }
  co_await send_error(now, std::move(why));
}

void gateway::settle(const transaction& now) {
  const auto took = shared_.clock.steady() - now.began;
  if (now.known && now.with.status() != 0 && now.with.status() < 400) {
    const auto counted = items_of(now);
    shared_.counts.answered(now.result, took);
    shared_.counts.looked_up(now.where.endpoint->type, now.plan.level, counted);
    if (now.where.endpoint->type == entry::cache_type::tts) shared_.counts.spoke(now.where.to->name, now.result, took);
    if (counted.hits > 0) {
      shared_.money.record({.outcome = entry::is_hit(now.result) ? now.result : outcome::hit,
                            .type = now.where.endpoint->type,
                            .upstream = now.where.to->name,
                            .model = now.known->model,
                            .cost = now.saved,
                            .count = counted.hits});
    }
    if (entry::is_hit(now.result)) tell_hit(now);
  }
  if (now.at->settings.log.access) tell_access(now, took);
}

}  // namespace refrain::gateway
