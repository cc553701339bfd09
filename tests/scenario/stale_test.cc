#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>

#include "support/gateway.h"
#include "support/scripted_upstream.h"

namespace refrain::tests {
namespace {

using namespace std::chrono_literals;

const header_list revalidate{{"Cache-Control", "stale-while-revalidate=100"}};
const header_list on_error{{"Cache-Control", "stale-if-error=100"}};

TEST(stale, an_entry_answers_at_once_while_it_is_refreshed_behind) {
  std::promise<void> looked;
  scripted_upstream provider{[&](auto& now) {
    if (now.number == 2) looked.get_future().wait();
    now.write(response(chat_answer(now.number == 1 ? "old" : "new")));
  }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto client = at_work.client();
  client.post(chat_path, chat("hello"));
  at_work.clock().advance(1850s);
  for (int i = 0; i < 3; ++i) {
    const auto stale = client.post(chat_path, chat("hello"), revalidate);
    EXPECT_EQ(stale.outcome(), "STALE");
    EXPECT_EQ(stale.body, chat_answer("old"));
  }
  looked.set_value();
  EXPECT_TRUE(gateway::eventually([&] { return at_work.fills() == 0; }));
  const auto fresh = client.post(chat_path, chat("hello"));
  EXPECT_EQ(fresh.outcome(), "HIT");
  EXPECT_EQ(fresh.body, chat_answer("new"));
  EXPECT_EQ(provider.calls(), 2U);
}

TEST(stale, an_entry_past_what_the_request_allows_is_not_served_meanwhile) {
  gateway at_work;
  auto client = at_work.client();
  client.post(chat_path, chat("hello"));
  at_work.clock().advance(1901s);
  EXPECT_EQ(client.post(chat_path, chat("hello"), revalidate).outcome(), "MISS");
}

TEST(stale, a_route_may_allow_what_requests_do_not_ask_for) {
  gateway at_work{{.configure = [](auto& to) {
    to.upstreams["openai"].stale_while_revalidate = 100s;
    to.upstreams["openai"].stale_if_error = 200s;
  }}};
  auto client = at_work.client();
  client.post(chat_path, chat("hello"));
  at_work.clock().advance(1850s);
  EXPECT_EQ(client.post(chat_path, chat("hello"), {{"Cache-Control", "stale-while-revalidate=10"}}).outcome(), "MISS")
      << "the request knows better";
  at_work.clock().advance(1850s);
  EXPECT_EQ(client.post(chat_path, chat("hello")).outcome(), "STALE");
  EXPECT_TRUE(gateway::eventually([&] { return at_work.calls() == 3 && at_work.fills() == 0; }));
  EXPECT_EQ(client.post(chat_path, chat("hello")).outcome(), "HIT");
  at_work.clock().advance(1950s);
  EXPECT_EQ(client.post(chat_path, chat("hello"), {{"x-mock-status", "503"}}).outcome(), "STALE");
}

class failures : public testing::TestWithParam<std::pair<std::string, std::string>> {};

TEST_P(failures, are_hidden_by_a_stale_entry_from_requests_that_allow_it) {
  gateway at_work;
  auto client = at_work.client();
  const auto recorded = client.post(chat_path, chat("hello"));
  at_work.clock().advance(1850s);
  auto headers = on_error;
  headers.push_back(GetParam());
  const auto stale = client.post(chat_path, chat("hello"), headers);
  EXPECT_EQ(stale.status, 200);
  EXPECT_EQ(stale.outcome(), "STALE");
  EXPECT_EQ(stale.body, recorded.body);
  EXPECT_TRUE(stale.header("cache-status").contains("; hit; ttl=-50;")) << stale.header("cache-status");
  EXPECT_TRUE(stale.header("cache-status").contains(R"(detail="stale-if-error")")) << stale.header("cache-status");

  const auto refused = client.post(chat_path, chat("hello"), {GetParam()});
  EXPECT_GE(refused.status, 429);
  at_work.clock().advance(51s);
  EXPECT_GE(client.post(chat_path, chat("hello"), headers).status, 429) << "too old by now";
  EXPECT_EQ(client.post(chat_path, chat("hello"), on_error).outcome(), "MISS") << "nothing has failed";
}

INSTANTIATE_TEST_SUITE_P(of_the_upstream, failures,
                         testing::Values(std::pair{"x-mock-status", "500"}, std::pair{"x-mock-status", "429"},
                                         std::pair{"x-mock-status", "529"}, std::pair{"x-mock-reset", "before-head"}));

TEST(stale, an_error_of_the_request_itself_is_not_hidden) {
  gateway at_work;
  auto client = at_work.client();
  client.post(chat_path, chat("hello"));
  at_work.clock().advance(1850s);
  auto headers = on_error;
  headers.emplace_back("x-mock-status", "401");
  EXPECT_EQ(client.post(chat_path, chat("hello"), headers).status, 401);
}

}  // namespace
}  // namespace refrain::tests
