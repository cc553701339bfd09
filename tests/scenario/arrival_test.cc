#include <gtest/gtest.h>

#include <future>
#include <string>

#include "support/chat_reading.h"
#include "support/gateway.h"
#include "support/scripted_upstream.h"

namespace refrain::tests {
namespace {

TEST(arrival, chunks_of_a_miss_reach_the_client_before_the_upstream_has_sent_the_last) {
  gateway at_work;
  auto client = at_work.client();
  client.ask("POST", chat_path, chat("hello", streamed), {{"x-mock-stall", "3"}, {"Cache-Control", "no-store"}});
  EXPECT_TRUE(client.receive_until("data: ").contains("data: "));
  EXPECT_EQ(at_work.upstream().counters().in_flight, 1U);
  client.leave();
  EXPECT_TRUE(gateway::eventually([&] { return at_work.upstream().counters().in_flight == 0; }));
}

TEST(arrival, each_chunk_comes_alone) {
  std::promise<void> read_first;
  std::promise<void> read_second;
  scripted_upstream provider{[&](auto& now) {
    now.write(stream_head() + chunk(chat_event("one")));
    read_first.get_future().wait();
    now.write(chunk(chat_event("two")));
    read_second.get_future().wait();
    now.write(chunk(chat_end()) + chunk(""));
  }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto client = at_work.client();
  client.ask("POST", chat_path, chat("hello", streamed));
  const auto first = client.receive_until("\"one\"");
  EXPECT_TRUE(first.contains("\"one\""));
  EXPECT_FALSE(first.contains("\"two\""));
  read_first.set_value();
  const auto second = client.receive_until("\"two\"");
  EXPECT_TRUE(second.contains("\"two\""));
  EXPECT_FALSE(second.contains("[DONE]"));
  read_second.set_value();
  EXPECT_TRUE(client.receive_until("[DONE]").contains("[DONE]"));
}

TEST(arrival, chunks_of_an_encoded_stream_are_not_held_back) {
  std::promise<void> read_first;
  scripted_upstream provider{[&](auto& now) {
    now.write(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: br\r\n"
        "Transfer-Encoding: chunked\r\n\r\n" +
        chunk("first"));
    read_first.get_future().wait();
    now.write(chunk("second") + chunk(""));
  }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto client = at_work.client();
  client.ask("POST", chat_path, chat("hello", streamed));
  EXPECT_TRUE(client.receive_until("first").contains("first"));
  read_first.set_value();
  EXPECT_TRUE(client.receive_until("second").contains("second"));
}

TEST(arrival, an_event_that_is_cut_between_two_reads_is_whole_again) {
  scripted_upstream provider{[](auto& now) {
    std::string text = chat_event("one") + chat_event("two") + chat_end();
    now.write(stream_head());
    for (std::size_t at = 0; at < text.size(); at += 7) now.write(chunk(text.substr(at, 7)));
    now.write(chunk(""));
  }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto client = at_work.client();
  const auto miss = client.post(chat_path, chat("hello", streamed));
  const auto hit = client.post(chat_path, chat("hello", streamed));
  EXPECT_EQ(miss.body, chat_event("one") + chat_event("two") + chat_end());
  EXPECT_EQ(hit.outcome(), "HIT");
  EXPECT_EQ(hit.body, miss.body);
}

}  // namespace
}  // namespace refrain::tests
