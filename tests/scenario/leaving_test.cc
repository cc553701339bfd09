#include <gtest/gtest.h>

#include <future>
#include <string>

#include "support/gateway.h"
#include "support/scripted_upstream.h"

namespace refrain::tests {
namespace {

TEST(leaving, followers_get_everything_after_the_leader_has_gone_and_it_is_stored) {
  std::promise<void> alone;
  scripted_upstream provider{[&](auto& now) {
    now.write(stream_head() + chunk(chat_event("one")));
    alone.get_future().wait();
    now.write(chunk(chat_event("two")) + chunk(chat_end()) + chunk(""));
  }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto leader = at_work.client();
  leader.ask("POST", chat_path, chat("hello", streamed));
  leader.receive_until("\"one\"");
  auto follower = at_work.client();
  follower.ask("POST", chat_path, chat("hello", streamed));
  EXPECT_TRUE(at_work.await_requests(2));
  leader.leave(true);
  EXPECT_TRUE(at_work.await_requests(1));
  alone.set_value();
  const auto got = follower.receive();
  EXPECT_TRUE(got.complete);
  EXPECT_EQ(got.body, chat_event("one") + chat_event("two") + chat_end());
  EXPECT_EQ(at_work.client().post(chat_path, chat("hello", streamed)).outcome(), "HIT");
}

TEST(leaving, a_call_worth_storing_is_finished_without_any_client) {
  std::promise<void> alone;
  scripted_upstream provider{[&](auto& now) {
    alone.get_future().wait();
    now.write(response(chat_answer("late")));
  }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto client = at_work.client();
  client.ask("POST", chat_path, chat("hello"));
  EXPECT_TRUE(at_work.await_requests(1));
  client.leave();
  EXPECT_TRUE(at_work.await_requests(0));
  EXPECT_EQ(at_work.fills(), 1U);
  alone.set_value();
  EXPECT_TRUE(gateway::eventually([&] { return at_work.fills() == 0; }));
  const auto again = at_work.client().post(chat_path, chat("hello"));
  EXPECT_EQ(again.outcome(), "HIT");
  EXPECT_EQ(again.body, chat_answer("late"));
}

TEST(leaving, a_client_that_asks_again_joins_the_call_that_it_left) {
  std::promise<void> back;
  scripted_upstream provider{[&](auto& now) {
    back.get_future().wait();
    now.write(response(chat_answer("late")));
  }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto client = at_work.client();
  client.ask("POST", chat_path, chat("hello"), {{"x-stainless-retry-count", "0"}});
  EXPECT_TRUE(at_work.await_requests(1));
  client.leave();
  EXPECT_TRUE(at_work.await_requests(0));
  auto retry = at_work.client();
  retry.ask("POST", chat_path, chat("hello"), {{"x-stainless-retry-count", "1"}});
  EXPECT_TRUE(at_work.await_requests(1));
  back.set_value();
  EXPECT_EQ(retry.receive().outcome(), "COALESCED");
  EXPECT_EQ(provider.calls(), 1U);
}

struct uncached_route {
  std::string_view name;
  std::string_view path;
  header_list headers;
};

class uncached_routes : public testing::TestWithParam<uncached_route> {};

TEST_P(uncached_routes, the_upstream_is_abandoned_where_the_client_leaves) {
  gateway at_work;
  auto client = at_work.client();
  auto headers = GetParam().headers;
  headers.emplace_back("x-mock-stall", "2");
  client.ask("POST", GetParam().path, chat("hello", streamed), headers);
  client.receive_until("data: ");
  client.leave();
  EXPECT_TRUE(gateway::eventually([&] { return at_work.abandoned() == 1; }));
  EXPECT_TRUE(at_work.await_requests(0));
}

TEST_P(uncached_routes, the_upstream_is_abandoned_where_the_client_leaves_before_the_first_byte) {
  gateway at_work;
  auto client = at_work.client();
  auto headers = GetParam().headers;
  headers.emplace_back("x-mock-latency-ms", "600000");
  client.ask("POST", GetParam().path, chat("hello"), headers);
  EXPECT_TRUE(gateway::eventually([&] { return at_work.upstream().counters().in_flight == 1; }));
  client.leave();
  EXPECT_TRUE(gateway::eventually([&] { return at_work.abandoned() == 1; }));
  EXPECT_TRUE(at_work.await_requests(0));
}

INSTANTIATE_TEST_SUITE_P(all, uncached_routes,
                         testing::Values(uncached_route{"no_store", chat_path, {{"Cache-Control", "no-store"}}},
                                         uncached_route{"encoded", chat_path, {{"Content-Encoding", "identity"}}}),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(leaving, a_client_that_leaves_within_its_upload_ends_the_call) {
  gateway at_work;
  auto client = at_work.client();
  client.send("POST /openai/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nonly this");
  EXPECT_TRUE(gateway::eventually([&] { return at_work.upstream().counters().in_flight == 1; }));
  client.leave();
  EXPECT_TRUE(at_work.await_requests(0));
  EXPECT_TRUE(gateway::eventually([&] { return at_work.upstream().counters().in_flight == 0; }));
}

TEST(leaving, a_client_that_leaves_after_a_long_upload_ends_the_call) {
  gateway at_work;
  auto client = at_work.client();
  const std::string body(300'000, 'x');
  client.ask("POST", "/openai/anything/slow", body, {{"x-mock-latency-ms", "600000"}});
  EXPECT_TRUE(gateway::eventually([&] { return at_work.upstream().counters().in_flight == 1; }));
  client.leave();
  EXPECT_TRUE(at_work.await_requests(0));
}

}  // namespace
}  // namespace refrain::tests
