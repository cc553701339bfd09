#include <gtest/gtest.h>

#include <future>
#include <string>
#include <thread>
#include <vector>

#include "support/gateway.h"
#include "support/scripted_upstream.h"

namespace refrain::tests {
namespace {

/// A gateway in front of a scripted upstream, whose clients a, b and c share the namespace `team`.
gateway shared_by_a_team(const scripted_upstream& provider) {
  return gateway{{.configure = [&](auto& to) {
    to.upstreams["openai"].base_url = provider.base_url();
    for (const std::string name : {"a", "b", "c"}) {
      to.clients[name] = {.key = base::secret{"key-of-" + name}, .namespaces = {"team"}};
    }
  }}};
}

header_list of_client(const std::string& name) {
  return {{"Authorization", "Bearer sk-" + name},
          {"x-refrain-client-key", "key-of-" + name},
          {"x-refrain-namespace", "team"}};
}

constexpr std::string_view unauthorized =
    "HTTP/1.1 401 Unauthorized\r\nRetry-After: 9\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}";

TEST(handover, a_refusal_concerns_the_credential_that_it_was_given_to) {
  std::promise<void> joined;
  scripted_upstream provider{[&](auto& now) {
    if (now.number == 1) joined.get_future().wait();
    const std::string who = now.has("sk-a") ? "a" : now.has("sk-b") ? "b" : "c";
    now.write("HTTP/1.1 401 Unauthorized\r\nContent-Length: 1\r\n\r\n" + who);
  }};
  auto at_work = shared_by_a_team(provider);
  const std::vector<std::string> names{"a", "b", "c"};
  std::vector<http_client> clients;
  for (const auto& name : names) {
    clients.push_back(at_work.client());
    clients.back().ask("POST", chat_path, chat("hello"), of_client(name));
    EXPECT_TRUE(at_work.await_requests(static_cast<unsigned>(clients.size())));
  }
  joined.set_value();
  for (std::size_t i = 0; i < clients.size(); ++i) {
    const auto got = clients[i].receive();
    EXPECT_EQ(got.status, 401);
    EXPECT_EQ(got.body, names[i]);
  }
  EXPECT_EQ(provider.calls(), 3U);
}

TEST(handover, whoever_may_ask_gets_the_answer_that_another_was_refused) {
  std::promise<void> joined;
  scripted_upstream provider{[&](auto& now) {
    if (now.number == 1) joined.get_future().wait();
    now.write(now.has("sk-b") ? response(chat_answer("good")) : std::string(unauthorized));
  }};
  auto at_work = shared_by_a_team(provider);
  auto refused = at_work.client();
  refused.ask("POST", chat_path, chat("hello"), of_client("a"));
  EXPECT_TRUE(at_work.await_requests(1));
  auto follower = at_work.client();
  follower.ask("POST", chat_path, chat("hello"), of_client("b"));
  EXPECT_TRUE(at_work.await_requests(2));
  joined.set_value();
  EXPECT_EQ(refused.receive().status, 401);
  EXPECT_EQ(follower.receive().body, chat_answer("good"));
}

TEST(handover, a_refusal_goes_to_all_who_show_the_credential_that_was_refused) {
  std::promise<void> joined;
  scripted_upstream provider{[&](auto& now) {
    joined.get_future().wait();
    now.write(unauthorized);
  }};
  auto at_work = shared_by_a_team(provider);
  auto leader = at_work.client();
  leader.ask("POST", chat_path, chat("hello"), of_client("a"));
  EXPECT_TRUE(at_work.await_requests(1));
  auto follower = at_work.client();
  follower.ask("POST", chat_path, chat("hello"), of_client("a"));
  EXPECT_TRUE(at_work.await_requests(2));
  joined.set_value();
  EXPECT_EQ(leader.receive().status, 401);
  const auto told = follower.receive();
  EXPECT_EQ(told.status, 401);
  EXPECT_EQ(told.header("retry-after"), "9");
  EXPECT_EQ(provider.calls(), 1U);
}

TEST(handover, a_call_that_breaks_before_its_first_byte_is_made_once_more) {
  std::promise<void> joined;
  scripted_upstream provider{[&](auto& now) {
    if (now.number > 1) return now.write(response(chat_answer("good")));
    joined.get_future().wait();
    now.close();
  }};
  auto at_work = shared_by_a_team(provider);
  auto leader = at_work.client();
  leader.ask("POST", chat_path, chat("hello"));
  EXPECT_TRUE(at_work.await_requests(1));
  std::vector<http_client> followers;
  for (unsigned i = 0; i < 5; ++i) {
    followers.push_back(at_work.client());
    followers.back().ask("POST", chat_path, chat("hello"));
    EXPECT_TRUE(at_work.await_requests(2 + i));
  }
  joined.set_value();
  EXPECT_EQ(leader.receive().status, 502);
  for (auto& one : followers) EXPECT_EQ(one.receive().body, chat_answer("good"));
  EXPECT_EQ(provider.calls(), 2U);
}

TEST(handover, ends_after_one_time_where_every_call_breaks) {
  std::promise<void> joined;
  std::promise<void> joined_again;
  scripted_upstream provider{[&](auto& now) {
    if (now.number == 1) joined.get_future().wait();
    if (now.number == 2) joined_again.get_future().wait();
    now.close();
  }};
  auto at_work = shared_by_a_team(provider);
  std::vector<http_client> clients;
  for (unsigned i = 0; i < 6; ++i) {
    clients.push_back(at_work.client());
    clients.back().ask("POST", chat_path, chat("hello"));
    EXPECT_TRUE(at_work.await_requests(1 + i));
  }
  joined.set_value();
  EXPECT_EQ(clients.front().receive().status, 502);
  EXPECT_TRUE(at_work.await_requests(5));
  joined_again.set_value();
  for (unsigned i = 1; i < 6; ++i) EXPECT_EQ(clients[i].receive().status, 502);
  EXPECT_EQ(provider.calls(), 2U);
}

/// The label that says how to read the bytes must go wherever the bytes go.
TEST(handover, a_follower_is_told_that_an_answer_is_encoded) {
  std::promise<void> joined;
  scripted_upstream provider{[&](auto& now) {
    joined.get_future().wait();
    now.write(response("\x1f\x8b...", "application/json", "Content-Encoding: gzip\r\n"));
  }};
  auto at_work = shared_by_a_team(provider);
  std::vector<http_client> clients;
  for (unsigned i = 0; i < 2; ++i) {
    clients.push_back(at_work.client());
    clients.back().ask("POST", chat_path, chat("hello"));
    EXPECT_TRUE(at_work.await_requests(1 + i));
  }
  joined.set_value();
  for (auto& one : clients) EXPECT_EQ(one.receive().header("content-encoding"), "gzip");
}

}  // namespace
}  // namespace refrain::tests
