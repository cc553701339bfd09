#include <gtest/gtest.h>

#include <string>

#include "support/chat_reading.h"
#include "support/gateway.h"
#include "support/scripted_upstream.h"

namespace refrain::tests {
namespace {

/// A request, told apart by what it exercises, and the mock's controls for its answer.
struct form_case {
  std::string_view name;
  std::string_view members;
  header_list controls;
};

const form_case form_cases[]{
    {"text", "", {}},
    {"two_tool_calls",
     R"(,"tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}])",
     {{"x-mock-tools", "2"}}},
    {"two_choices", R"(,"n":2)", {}},
    {"two_choices_with_tools", R"(,"n":2,"tools":[{"type":"function","function":{"name":"look"}}])", {}},
    {"cut_at_its_length", R"(,"max_tokens":3)", {}},
    {"log_probabilities", R"(,"logprobs":true)", {}},
};

class forms : public testing::TestWithParam<form_case> {};

/// Ids too: an agent's next request holds them, and hits only if they are those of the first.
TEST_P(forms, both_are_the_same_answer_to_the_letter_whichever_was_recorded) {
  const auto& [name, members, controls] = GetParam();
  const auto plain = chat("hello", members);
  const auto stream = chat("hello", std::string(members).append(streamed));
  for (const bool stream_first : {false, true}) {
    gateway at_work;
    auto client = at_work.client();
    const auto recorded = client.post(chat_path, stream_first ? stream : plain, controls);
    const auto turned = client.post(chat_path, stream_first ? plain : stream, controls);
    ASSERT_EQ(recorded.outcome(), "MISS");
    ASSERT_EQ(turned.outcome(), "HIT") << turned.header("cache-status");
    EXPECT_TRUE(proves(recorded.body, plain));
    EXPECT_EQ(read_chat(turned.body), read_chat(recorded.body)) << recorded.body << "\n" << turned.body;
    EXPECT_EQ(turned.body.starts_with("data: "), !stream_first);
    EXPECT_EQ(at_work.calls(), 1);
  }
}

INSTANTIATE_TEST_SUITE_P(answers, forms, testing::ValuesIn(form_cases),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(forms_of_an_answer, come_at_the_pace_that_the_operator_sets) {
  gateway at_work{{.configure = [](auto& to) { to.cache.replay_pace = 1000; }}};
  auto client = at_work.client();
  client.post(chat_path, chat("hello"));
  const auto paced = client.post(chat_path, chat("hello", streamed));
  EXPECT_EQ(paced.outcome(), "HIT");
  EXPECT_TRUE(paced.complete);
  at_work.reload([](auto& to) { to.cache.replay_pace = 0; });
  EXPECT_EQ(client.post(chat_path, chat("hello", streamed)).body, paced.body);

  auto slow = at_work.client();
  slow.ask("POST", chat_path, chat("hello", streamed), {{"x-refrain-pace", "1"}});
  const auto first = slow.receive_until("data: ");
  EXPECT_EQ(events_of(paced.body).back(), "[DONE]");
  EXPECT_FALSE(first.contains("[DONE]")) << "the rest takes its time";
  // Others go on meanwhile.
  EXPECT_EQ(client.post(chat_path, chat("hello")).outcome(), "HIT");
  slow.leave(true);
  EXPECT_TRUE(at_work.await_requests(0)) << "it ends with its client";
}

TEST(forms_of_an_answer, reasoning_is_in_both) {
  gateway at_work;
  auto client = at_work.client();
  const std::string body = R"({"model":"mock-reasoner","messages":[{"role":"user","content":"why"}])";
  const auto stream = read_chat(client.post(chat_path, body + std::string(streamed) + "}").body);
  const auto plain = read_chat(client.post(chat_path, body + "}").body);
  EXPECT_FALSE(plain.choices.at(0).reasoning.empty());
  EXPECT_EQ(plain, stream);
  EXPECT_EQ(at_work.calls(), 1);
}

TEST(forms_of_an_answer, usage_is_shown_to_those_who_ask_whichever_form_was_recorded) {
  for (const bool stream_first : {false, true}) {
    gateway at_work;
    auto client = at_work.client();
    client.post(chat_path, chat("hello", stream_first ? streamed : ""));
    const auto silent = client.post(chat_path, chat("hello", streamed));
    const auto asked = client.post(chat_path, chat("hello", streamed_with_usage));
    const auto plain = client.post(chat_path, chat("hello"));
    EXPECT_FALSE(silent.body.contains("\"prompt_tokens\"")) << silent.body;
    EXPECT_TRUE(asked.body.contains("\"prompt_tokens\"")) << asked.body;
    EXPECT_TRUE(plain.body.contains("\"prompt_tokens\"")) << plain.body;
    for (const auto* one : {&silent, &asked}) EXPECT_EQ(events_of(one->body).back(), "[DONE]");
    EXPECT_EQ(at_work.calls(), 1);
  }
}

TEST(forms_of_an_answer, members_that_nobody_knows_are_in_both) {
  scripted_upstream provider{[](auto& now) {
    auto body = chat_answer("hello");
    body.replace(0, 1, R"({"x_provider":{"node":7},)");
    now.write(response(body));
  }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto client = at_work.client();
  const auto plain = client.post(chat_path, chat("hello"));
  const auto stream = client.post(chat_path, chat("hello", streamed));
  EXPECT_TRUE(plain.body.contains(R"("x_provider":{"node":7})"));
  EXPECT_EQ(stream.outcome(), "HIT");
  EXPECT_TRUE(stream.body.contains(R"("x_provider":{"node":7})")) << stream.body;
}

TEST(forms_of_an_answer, a_stream_that_was_never_asked_for_usage_serves_streams_alone) {
  gateway at_work{{.configure = [](auto& to) { to.upstreams["openai"].ask_usage = false; }}};
  auto client = at_work.client();
  client.post(chat_path, chat("hello", streamed));
  EXPECT_EQ(client.post(chat_path, chat("hello", streamed)).outcome(), "HIT");
  const auto plain = client.post(chat_path, chat("hello"));
  EXPECT_EQ(plain.outcome(), "MISS");
  EXPECT_TRUE(plain.header("cache-status").contains("fwd=vary-miss")) << plain.header("cache-status");
  EXPECT_EQ(at_work.calls(), 2);
}

/// Its choices change their type on the way: no plain answer can be made of that.
TEST(forms_of_an_answer, a_stream_that_cannot_be_merged_is_asked_for_anew_by_a_plain_request) {
  scripted_upstream provider{[](auto& now) {
    if (!now.has("\"stream\":true")) return now.write(response(chat_answer("plain")));
    auto odd = chat_event("odd");
    odd.replace(odd.find("\"odd\""), 5, "{\"text\":1}");
    now.write(stream_head() + chunk(chat_event("first")) + chunk(odd) + chunk(chat_end()) + chunk(""));
  }};
  gateway at_work{{.configure = [&](auto& to) { to.upstreams["openai"].base_url = provider.base_url(); }}};
  auto client = at_work.client();
  EXPECT_EQ(client.post(chat_path, chat("hello", streamed)).status, 200);
  const auto plain = client.post(chat_path, chat("hello"));
  EXPECT_EQ(plain.status, 200);
  EXPECT_EQ(plain.outcome(), "MISS");
  EXPECT_EQ(provider.calls(), 2);
}

}  // namespace
}  // namespace refrain::tests
