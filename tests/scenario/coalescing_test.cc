#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "support/chat_reading.h"
#include "support/gateway.h"
#include "support/heap.h"
#include "support/scripted_upstream.h"

namespace refrain::tests {
namespace {

/// A gateway in front of a scripted upstream.
gateway in_front_of(const scripted_upstream& provider) {
  return gateway{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
}

std::string whole_stream() { return chat_event("one") + chat_event("two") + chat_end(); }

class identical_requests_at_once : public testing::TestWithParam<std::string_view> {};

TEST_P(identical_requests_at_once, make_one_call) {
  gateway at_work{{.upstream = {.latency = std::chrono::milliseconds{300}}, .threads = 4}};
  std::vector<http_answer> answers(100);
  {
    std::vector<std::jthread> clients;
    for (auto& one : answers) {
      clients.emplace_back([&] { one = at_work.client().post(chat_path, chat("together", GetParam())); });
    }
  }
  int leaders = 0;
  for (const auto& one : answers) {
    EXPECT_EQ(one.status, 200);
    EXPECT_EQ(one.body, answers.front().body);
    EXPECT_TRUE(one.complete);
    leaders += one.outcome() == "MISS";
    EXPECT_EQ(one.count("set-cookie"), 0U);
  }
  EXPECT_EQ(leaders, 1);
  EXPECT_EQ(at_work.calls(), 1);
  EXPECT_TRUE(proves(answers.front().body, chat("together")));
}

INSTANTIATE_TEST_SUITE_P(forms, identical_requests_at_once, testing::Values("", streamed),
                         [](const auto& one) { return one.param.empty() ? "plain" : "streamed"; });

TEST(coalescing, followers_hold_no_body_of_their_own) {
  // The first few leave behind what each loop keeps for bodies of this size.
  constexpr std::size_t few = 8;
  constexpr std::size_t crowd = 40;
  constexpr std::size_t size = 1 << 20;
  std::promise<void> seen;
  scripted_upstream provider{[&](auto& now) {
    seen.get_future().wait();
    now.write(response(chat_answer("one")));
  }};
  auto at_work = in_front_of(provider);
  const auto asking = chat(std::string(size, 'a'));
  std::vector<http_client> clients;
  const auto ask = [&] { clients.emplace_back(at_work.client()).ask("POST", chat_path, asking); };
  while (clients.size() < few) ask();
  ASSERT_TRUE(at_work.await_requests(few));
  const auto before = heap_bytes();
  while (clients.size() < crowd) ask();
  ASSERT_TRUE(at_work.await_requests(crowd));
  EXPECT_TRUE(gateway::eventually([&] { return heap_bytes() < before + (crowd - few) * size / 4; }))
      << "each may hold a connection, and no copy of the body: " << heap_bytes() - before;
  seen.set_value();
  for (auto& one : clients) EXPECT_EQ(one.receive().status, 200);
  EXPECT_EQ(provider.calls(), 1U);
}

TEST(coalescing, a_plain_answer_on_its_way_is_held_once) {
  constexpr std::size_t size = 12 << 20;
  const auto whole = chat_answer(std::string(size, 'a'));
  std::promise<void> seen;
  scripted_upstream provider{[&](auto& now) {
    const auto bytes = response(whole);
    now.write(std::string_view{bytes}.substr(0, bytes.size() - 1));
    seen.get_future().wait();
    now.write(std::string_view{bytes}.substr(bytes.size() - 1));
  }};
  auto at_work = in_front_of(provider);
  auto client = at_work.client();
  const auto before = heap_bytes();
  client.ask("POST", chat_path, chat("hello"));
  ASSERT_TRUE(gateway::eventually([&] { return at_work.fill_bytes() + 1 >= whole.size(); }));
  // The script holds the answer too.
  EXPECT_LT(heap_bytes() - before, 2 * size + size / 2) << "the memory for fills holds it, and nothing else does";
  seen.set_value();
  EXPECT_EQ(client.receive().body, whole);
  EXPECT_EQ(at_work.client().post(chat_path, chat("hello")).outcome(), "HIT");
}

TEST(coalescing, a_follower_gets_the_stream_from_its_first_byte) {
  std::promise<void> joined;
  scripted_upstream provider{[&](auto& now) {
    now.write(stream_head() + chunk(chat_event("one")));
    joined.get_future().wait();
    now.write(chunk(chat_event("two")) + chunk(chat_end()) + chunk(""));
  }};
  auto at_work = in_front_of(provider);
  auto leader = at_work.client();
  leader.ask("POST", chat_path, chat("hello", streamed));
  leader.receive_until("\"one\"");
  auto follower = at_work.client();
  follower.ask("POST", chat_path, chat("hello", streamed));
  const auto early = follower.receive_until("\"one\"");
  EXPECT_TRUE(early.contains("COALESCED")) << early;
  EXPECT_TRUE(early.contains("fwd=uri-miss; fwd-status=200; collapsed")) << early;
  EXPECT_TRUE(early.contains(chat_event("one")));
  joined.set_value();
  EXPECT_TRUE(follower.receive_until("[DONE]").contains("\"two\""));
  EXPECT_EQ(provider.calls(), 1U);
}

TEST(coalescing, a_plain_request_joins_a_streamed_call) {
  std::promise<void> joined;
  scripted_upstream provider{[&](auto& now) {
    now.write(stream_head() + chunk(chat_event("one")));
    joined.get_future().wait();
    now.write(chunk(chat_event("two")) + chunk(chat_end()) + chunk(""));
  }};
  auto at_work = in_front_of(provider);
  auto leader = at_work.client();
  leader.ask("POST", chat_path, chat("hello", streamed));
  leader.receive_until("\"one\"");
  auto follower = at_work.client();
  follower.ask("POST", chat_path, chat("hello"));
  EXPECT_TRUE(at_work.await_requests(2));
  joined.set_value();
  const auto plain = follower.receive();
  EXPECT_EQ(plain.outcome(), "COALESCED");
  EXPECT_EQ(plain.header("content-type"), "application/json");
  EXPECT_EQ(read_chat(plain.body), read_chat(whole_stream()));
  EXPECT_EQ(provider.calls(), 1U);
}

TEST(coalescing, a_stream_never_waits_for_a_plain_call) {
  std::promise<void> answered;
  scripted_upstream provider{[&](auto& now) {
    if (now.has("\"stream\":true")) {
      now.write(stream_head() + chunk(whole_stream()) + chunk(""));
    } else {
      answered.get_future().wait();
      now.write(response(chat_answer("plain")));
    }
  }};
  auto at_work = in_front_of(provider);
  auto leader = at_work.client();
  leader.ask("POST", chat_path, chat("hello"));
  EXPECT_TRUE(at_work.await_requests(1));
  const auto stream = at_work.client().post(chat_path, chat("hello", streamed));
  EXPECT_EQ(stream.outcome(), "MISS");
  EXPECT_EQ(stream.body, whole_stream());
  answered.set_value();
  EXPECT_EQ(leader.receive().outcome(), "MISS");
  EXPECT_EQ(provider.calls(), 2U);
}

/// What the stream came to is no plain answer; nothing was sent to the plain client, so that it may ask for itself.
TEST(coalescing, a_plain_request_that_joined_a_stream_which_ends_badly_asks_for_itself) {
  std::promise<void> joined;
  scripted_upstream provider{[&](auto& now) {
    if (!now.has("\"stream\":true")) return now.write(response(chat_answer("plain")));
    now.write(stream_head() + chunk(chat_event("one")));
    joined.get_future().wait();
    now.close();
  }};
  auto at_work = in_front_of(provider);
  auto leader = at_work.client();
  leader.ask("POST", chat_path, chat("hello", streamed));
  leader.receive_until("\"one\"");
  auto follower = at_work.client();
  follower.ask("POST", chat_path, chat("hello"));
  EXPECT_TRUE(at_work.await_requests(2));
  joined.set_value();
  const auto plain = follower.receive();
  EXPECT_EQ(plain.status, 200);
  EXPECT_EQ(plain.body, chat_answer("plain"));
}

TEST(coalescing, a_slow_reader_stalls_nobody) {
  gateway at_work;
  http_client slow{at_work.port(), 4096};
  const header_list big{{"x-mock-bytes", "8000000"}};
  slow.ask("POST", chat_path, chat("hello"), big);
  EXPECT_TRUE(at_work.await_requests(1));
  const auto quick = at_work.client().post(chat_path, chat("hello"), big);
  EXPECT_TRUE(quick.complete);
  EXPECT_EQ(at_work.calls(), 1);
  const auto late = slow.receive();
  EXPECT_TRUE(late.complete);
  EXPECT_EQ(late.body, quick.body);
}

TEST(coalescing, fills_beyond_their_memory_reach_all_who_read) {
  gateway at_work{{.configure = [](auto& to) { to.fill.max_bytes = base::byte_count{64 << 10}; },
                   .upstream = {.latency = std::chrono::milliseconds{200}}}};
  std::vector<http_answer> answers(8);
  {
    std::vector<std::jthread> clients;
    for (auto& one : answers) {
      clients.emplace_back([&] {
        one = at_work.client().post(chat_path, chat("big", streamed),
                                    {{"x-mock-bytes", "300000"}, {"x-mock-chunk", "40"}});
      });
    }
  }
  for (const auto& one : answers) {
    EXPECT_TRUE(one.complete);
    EXPECT_TRUE(proves(one.body, chat("big")));
    EXPECT_GE(read_chat(one.body).choices.at(0).content.size(), 290000U);
  }
  EXPECT_TRUE(at_work.entries().empty());
  EXPECT_TRUE(gateway::eventually([&] { return at_work.fill_bytes() == 0; }));
}

}  // namespace
}  // namespace refrain::tests
