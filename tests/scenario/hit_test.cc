#include <gtest/gtest.h>

#include "support/gateway.h"

namespace refrain::tests {
namespace {

TEST(hits, second_request_is_answered_without_the_upstream_byte_for_byte) {
  gateway at_work;
  auto client = at_work.client();
  const auto first = client.post(chat_path, chat("hello"));
  const auto second = client.post(chat_path, chat("hello"));
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.outcome(), "MISS");
  EXPECT_EQ(second.outcome(), "HIT");
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(second.header("content-type"), first.header("content-type"));
  EXPECT_EQ(second.header("x-refrain-key"), first.header("x-refrain-key"));
  EXPECT_EQ(at_work.calls(), 1);
}

TEST(hits, a_replayed_stream_is_the_recorded_one_with_and_without_its_usage_event) {
  for (const auto form : {streamed, streamed_with_usage}) {
    gateway at_work;
    auto client = at_work.client();
    const auto first = client.post(chat_path, chat("hello", form));
    const auto second = client.post(chat_path, chat("hello", form));
    EXPECT_EQ(first.outcome(), "MISS");
    EXPECT_EQ(second.outcome(), "HIT");
    EXPECT_EQ(second.body, first.body);
    EXPECT_EQ(second.header("content-type"), first.header("content-type"));
    EXPECT_EQ(first.body.contains("\"prompt_tokens\""), form == streamed_with_usage);
  }
}

TEST(hits, streams_and_plain_answers_share_an_entry) {
  gateway at_work;
  auto client = at_work.client();
  const auto stream = client.post(chat_path, chat("hello", streamed));
  const auto plain = client.post(chat_path, chat("hello"));
  const auto again = client.post(chat_path, chat("hello", streamed));
  EXPECT_EQ(stream.outcome(), "MISS");
  EXPECT_EQ(plain.outcome(), "HIT") << plain.header("cache-status");
  EXPECT_TRUE(plain.body.contains("\"chat.completion\"")) << plain.body;
  EXPECT_EQ(plain.header("content-type"), "application/json");
  EXPECT_EQ(again.outcome(), "HIT");
  EXPECT_EQ(again.body, stream.body);
  EXPECT_EQ(at_work.calls(), 1);
}

TEST(hits, a_client_of_another_thread_gets_the_same_entry) {
  gateway at_work{{.threads = 4}};
  const auto first = at_work.client().post(chat_path, chat("hello"));
  for (int i = 0; i < 16; ++i) {
    const auto next = at_work.client().post(chat_path, chat("hello"));
    EXPECT_EQ(next.outcome(), "HIT");
    EXPECT_EQ(next.body, first.body);
  }
  EXPECT_EQ(at_work.calls(), 1);
}

}  // namespace
}  // namespace refrain::tests
