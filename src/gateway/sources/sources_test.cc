// What each source finds, and what it leaves to the next: without a socket.

#include <gtest/gtest.h>

#include "gateway/sources/exact.h"
#include "gateway/sources/item_fills.h"
#include "gateway/sources/stale.h"
#include "support/gateway/floors.h"

namespace refrain::gateway {
namespace {

using namespace std::chrono_literals;
using base::errc;
using entry::outcome;

const entry::answer_head ok{.status = 200, .content_type = "application/json", .fields = {}, .length = {}};

entry::answer_head status(int code) {
  return {.status = code, .content_type = "application/json", .fields = {}, .length = {}};
}

class sources : public testing::Test {
 protected:
  floors house;
  exact_source exact{house.shared};
  stale_source stale{house.shared};
};

TEST_F(sources, exact_finds_what_is_stored) {
  const auto& request = house.chat("hello");
  search first{request};
  ASSERT_TRUE(exact.applies(first));
  house.find(exact, first);
  EXPECT_FALSE(first.is_complete());
  EXPECT_FALSE(first.freshness.has_value());

  const auto stored = house.keep(request, 0, "{}");
  search again{request};
  house.find(exact, again);
  ASSERT_TRUE(again.is_complete());
  EXPECT_EQ(again.of(0).entry, stored);
  EXPECT_EQ(again.of(0).how, outcome::hit);
  EXPECT_EQ(again.freshness, cache::freshness::fresh);
}

TEST_F(sources, exact_is_not_asked_where_a_fresh_answer_is_wanted) {
  EXPECT_FALSE(exact.applies(search{house.chat("hello", {{"cache-control", "no-cache"}})}));
}

TEST_F(sources, exact_keeps_an_expired_entry_for_the_case_of_an_error) {
  const auto& request = house.chat("hello", {{"cache-control", "stale-if-error=60"}});
  const auto stored = house.keep(request, 0, "{}", 10s);
  house.clock.advance(20s);
  search lookup{request};
  house.find(exact, lookup);
  EXPECT_FALSE(lookup.is_complete());
  EXPECT_EQ(lookup.slots[0].stale_fallback, stored);
  EXPECT_EQ(lookup.freshness, cache::freshness::expired);
  EXPECT_FALSE(stale.applies(lookup)) << "nothing has failed yet";

  lookup.upstream_failed = true;
  lookup.failure = base::error{.code = errc::upstream_closed};
  ASSERT_TRUE(stale.applies(lookup));
  house.find(stale, lookup);
  EXPECT_FALSE(lookup.failure.has_value());
  EXPECT_EQ(lookup.of(0).how, outcome::stale);
  EXPECT_EQ(lookup.of(0).detail, "stale-if-error");
}

TEST_F(sources, exact_serves_an_outdated_entry_that_is_to_be_replaced) {
  const auto& request = house.chat("hello", {{"cache-control", "stale-while-revalidate=60"}});
  house.keep(request, 0, "{}", 10s);
  house.clock.advance(20s);
  search lookup{request};
  house.find(exact, lookup);
  ASSERT_TRUE(lookup.is_complete());
  EXPECT_EQ(lookup.of(0).how, outcome::stale);
  ASSERT_EQ(lookup.outdated, std::vector<std::size_t>{0});

  house.upstream.refresh(lookup);
  ASSERT_EQ(house.calls.size(), 1U);
  EXPECT_EQ(house.calls[0]->asked, outcome::refresh);
  house.upstream.refresh(lookup);
  EXPECT_EQ(house.calls.size(), 1U) << "one call does for all who ask meanwhile";
}

TEST_F(sources, exact_finds_those_items_of_a_list_that_are_stored) {
  const auto& request = house.embeddings(R"(["a","b","a","c"])");
  house.keep(request, 0, "[1]");
  house.keep(request, 3, "[3]");
  search lookup{request};
  house.find(exact, lookup);
  EXPECT_EQ(lookup.missing(), std::vector<std::size_t>{1});
  EXPECT_EQ(lookup.of(2).entry, lookup.of(0).entry);
}

TEST_F(sources, upstream_leads_where_nobody_asks_yet_and_others_join) {
  const auto& request = house.chat("hello");
  search leader{request};
  auto led = house.start(house.upstream, leader);
  search follower{house.chat("hello")};
  house.loop.perform([] {});
  auto followed = house.start(house.upstream, follower);
  house.loop.perform([] {});
  ASSERT_EQ(house.calls.size(), 1U);
  EXPECT_EQ(*house.calls[0]->body, request.body);

  house.calls[0]->fill->recording->begin(ok);
  led.get();
  followed.get();
  EXPECT_EQ(leader.of(0).how, outcome::miss);
  EXPECT_EQ(follower.of(0).how, outcome::coalesced);
  EXPECT_EQ(follower.of(0).head->status, 200);
}

TEST_F(sources, upstream_makes_a_broken_call_of_another_once_more) {
  search leader{house.chat("hello")};
  auto led = house.start(house.upstream, leader);
  search follower{house.chat("hello")};
  auto followed = house.start(house.upstream, follower);
  house.loop.perform([] {});
  const auto first = house.calls[0];
  house.shared.fills.end(*first->fill);
  first->fill->recording->fail({.code = errc::upstream_closed, .context = "gone"});
  led.get();
  ASSERT_TRUE(leader.failure.has_value());
  EXPECT_EQ(leader.failure->code, errc::upstream_closed);
  EXPECT_TRUE(leader.upstream_failed);

  house.loop.perform([] {});
  ASSERT_EQ(house.calls.size(), 2U);
  house.calls[1]->fill->recording->begin(ok);
  followed.get();
  EXPECT_EQ(follower.of(0).how, outcome::miss) << "it leads now";
}

TEST_F(sources, upstream_keeps_a_refusal_to_the_account_that_has_asked) {
  search leader{house.chat("hello", {{"x-refrain-namespace", "team"}})};
  auto led = house.start(house.upstream, leader);
  house.loop.perform([] {});
  house.calls[0]->fill->credential = base::sha256("another account");
  search follower{house.chat("hello", {{"x-refrain-namespace", "team"}})};
  auto followed = house.start(house.upstream, follower);
  house.loop.perform([] {});
  ASSERT_EQ(house.calls.size(), 1U);
  house.shared.fills.end(*house.calls[0]->fill);
  house.calls[0]->fill->recording->begin(status(401));
  led.get();
  EXPECT_EQ(leader.of(0).head->status, 401);
  house.loop.perform([] {});
  ASSERT_EQ(house.calls.size(), 2U) << "the other asks for itself";
  house.calls[1]->fill->recording->begin(ok);
  followed.get();
  EXPECT_EQ(follower.of(0).head->status, 200);
}

TEST_F(sources, upstream_finds_what_was_stored_between_look_and_lead) {
  const auto& request = house.chat("hello");
  search lookup{request};
  house.find(exact, lookup);
  const auto stored = house.keep(request, 0, "{}");
  house.find(house.upstream, lookup);
  EXPECT_EQ(lookup.of(0).entry, stored);
  EXPECT_TRUE(house.calls.empty());
  EXPECT_EQ(house.shared.fills.size(), 0U);
}

TEST_F(sources, upstream_says_when_it_is_in_trouble) {
  search lookup{house.chat("hello")};
  auto done = house.start(house.upstream, lookup);
  house.loop.perform([] {});
  house.calls[0]->fill->recording->begin(status(503));
  done.get();
  EXPECT_TRUE(lookup.upstream_failed);
  EXPECT_EQ(lookup.of(0).head->status, 503) << "it is passed on where nothing better is at hand";
  house.find(stale, lookup);
  EXPECT_EQ(lookup.of(0).head->status, 503);
}

TEST_F(sources, upstream_is_not_asked_where_the_request_forbids_it) {
  search lookup{house.chat("hello", {{"cache-control", "only-if-cached"}})};
  house.find(house.upstream, lookup);
  ASSERT_TRUE(lookup.failure.has_value());
  EXPECT_EQ(lookup.failure->code, errc::only_if_cached);
  EXPECT_FALSE(lookup.upstream_failed);
}

TEST_F(sources, upstream_ends_its_wait_when_the_client_has_gone) {
  search lookup{house.chat("hello")};
  auto done = house.start(house.upstream, lookup);
  house.loop.perform([] {});
  house.loop.perform([&] { lookup.leave(); });
  done.get();
  ASSERT_TRUE(lookup.failure.has_value());
  EXPECT_EQ(lookup.failure->code, errc::cancelled);
  EXPECT_FALSE(lookup.upstream_failed) << "no expired entry is sent to nobody";
}

TEST_F(sources, upstream_is_asked_only_for_those_items_of_a_list_that_nobody_has) {
  const auto& request = house.embeddings(R"(["a","b","c"])");
  house.keep(request, 1, "[2]");
  search lookup{request};
  house.find(exact, lookup);
  auto done = house.start(house.upstream, lookup);
  house.loop.perform([] {});
  ASSERT_EQ(house.calls.size(), 1U);
  auto& call = *house.calls[0];
  EXPECT_EQ(call.count, 2U);
  EXPECT_TRUE(call.body->contains(R"("a")") && call.body->contains(R"("c")") && !call.body->contains(R"("b")"))
      << *call.body;

  call.fill->recording->begin(ok);
  const provider::verdict judged{.why_not = {}, .usage = {.input = 10, .cached_input = {}, .output = {}}, .marks = {}};
  fill_items(house.shared, call, ok, {"[1]", "[3]"}, judged, true);
  call.fill->recording->complete();
  done.get();
  ASSERT_TRUE(lookup.is_complete());
  EXPECT_TRUE(lookup.of(0).leads());
  EXPECT_FALSE(lookup.of(1).leads());
  EXPECT_EQ(lookup.of(0).entry->about.usage.input.value() + lookup.of(2).entry->about.usage.input.value(), 10U);
  EXPECT_NE(house.kept.peek(request.items[2].id), nullptr) << "each is stored";
}

TEST_F(sources, upstream_passes_the_refusal_of_a_list_on) {
  search lookup{house.embeddings(R"(["a","b"])")};
  auto done = house.start(house.upstream, lookup);
  house.loop.perform([] {});
  house.calls[0]->fill->recording->begin(status(400));
  done.get();
  EXPECT_TRUE(lookup.passes_call_on);
  EXPECT_FALSE(lookup.upstream_failed);
  EXPECT_EQ(lookup.list_call->head->status, 400);
}

TEST_F(sources, upstream_passes_an_odd_answer_to_a_whole_list_on) {
  search lookup{house.embeddings(R"(["a","b"])")};
  auto done = house.start(house.upstream, lookup);
  house.loop.perform([] {});
  auto& call = *house.calls[0];
  call.fill->recording->begin(ok);
  call.fill->recording->complete();
  fail_items(house.shared, call, {.code = errc::upstream_closed});
  done.get();
  EXPECT_TRUE(lookup.passes_call_on);
  EXPECT_EQ(house.calls.size(), 1U);
}

TEST_F(sources, upstream_asks_for_the_whole_where_the_answer_to_a_part_is_odd) {
  const auto& request = house.embeddings(R"(["a","b"])");
  house.keep(request, 0, "[1]");
  search lookup{request};
  house.find(exact, lookup);
  auto done = house.start(house.upstream, lookup);
  house.loop.perform([] {});
  house.calls[0]->fill->recording->begin(ok);
  house.calls[0]->fill->recording->complete();
  fail_items(house.shared, *house.calls[0], {.code = errc::upstream_closed});
  house.loop.perform([] {});
  ASSERT_EQ(house.calls.size(), 2U);
  EXPECT_EQ(*house.calls[1]->body, request.body);
  EXPECT_FALSE(house.calls[1]->store);
  house.calls[1]->fill->recording->begin(ok);
  house.calls[1]->fill->recording->complete();
  done.get();
  EXPECT_TRUE(lookup.passes_call_on);
  EXPECT_EQ(lookup.list_call->fill, house.calls[1]->fill);
}

TEST_F(sources, stale_answers_a_whole_list_or_nothing) {
  const auto& request = house.embeddings(R"(["a","b"])", {{"cache-control", "stale-if-error=60"}});
  house.keep(request, 0, "[1]", 10s);
  house.clock.advance(20s);
  search lookup{request};
  house.find(exact, lookup);
  auto done = house.start(house.upstream, lookup);
  house.loop.perform([] {});
  house.calls[0]->fill->recording->begin(status(500));
  done.get();
  ASSERT_TRUE(stale.applies(lookup));
  house.find(stale, lookup);
  EXPECT_TRUE(lookup.passes_call_on) << "one of them has no entry at all";

  house.clock.advance(-20s);
  house.keep(request, 0, "[1]", 10s);
  house.keep(request, 1, "[2]", 10s);
  house.clock.advance(20s);
  search both{request};
  house.find(exact, both);
  both.upstream_failed = true;
  house.find(stale, both);
  EXPECT_TRUE(both.is_complete());
  EXPECT_EQ(both.of(1).how, outcome::stale);
}

}  // namespace
}  // namespace refrain::gateway
