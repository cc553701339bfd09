#include <gtest/gtest.h>

#include <future>
#include <string>

#include "support/chat_reading.h"
#include "support/gateway.h"
#include "support/mock/messages.h"
#include "support/scripted_upstream.h"

namespace refrain::tests {
namespace {

using mock::test::read_message;

constexpr std::string_view messages_path = "/anthropic/v1/messages";
constexpr std::string_view tools =
    R"(,"tools":[{"name":"look","input_schema":{"type":"object","properties":{"city":{"type":"string"}}}}])";
constexpr std::string_view thinking = R"(,"thinking":{"type":"adaptive"})";

/// A request as Anthropic's SDKs send it. `more` goes in front of the closing brace.
std::string asking(std::string_view text, std::string_view more = "") {
  std::string body = R"({"max_tokens":1024,"messages":[{"role":"user","content":")";
  body.append(text).append(R"("}],"model":"claude-sonnet-5-5")").append(more).append("}");
  return body;
}

/// A gateway whose upstream `anthropic` is this one, or the mock.
gateway in_front_of(const scripted_upstream* provider = nullptr) {
  return gateway{{.configure = [provider](config::settings& to) {
    const auto& mock = to.upstreams["openai"].base_url;
    auto& anthropic = to.upstreams["anthropic"];
    anthropic.base_url = provider == nullptr ? mock.substr(0, mock.rfind("/v1")) : provider->base_url();
    anthropic.dialect = "anthropic";
    anthropic.api_key = base::secret{"sk-lent"};
    anthropic.ask_usage = true;
  }}};
}

class forms_of_messages : public testing::TestWithParam<std::string_view> {};

TEST_P(forms_of_messages, are_answered_again_to_the_letter) {
  auto at_work = in_front_of();
  auto client = at_work.client();
  const auto request = asking("hello", GetParam());
  const auto first = client.post(messages_path, request);
  const auto second = client.post(messages_path, request);
  EXPECT_EQ(first.outcome(), "MISS");
  EXPECT_EQ(second.outcome(), "HIT");
  EXPECT_TRUE(proves(first.body, request));
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(second.header("content-type"), first.header("content-type"));
  EXPECT_EQ(second.header("request-id"), first.header("request-id"));
  EXPECT_EQ(second.count("set-cookie"), 0U);
  EXPECT_EQ(at_work.last_request().body, request);
  EXPECT_EQ(at_work.calls(), 1);
}

INSTANTIATE_TEST_SUITE_P(each, forms_of_messages, testing::Values("", streamed),
                         [](const auto& one) { return one.param.empty() ? "plain" : "streamed"; });

struct content_case {
  std::string_view name;
  std::string members;
};

class contents_of_messages : public testing::TestWithParam<content_case> {};

/// Ids, signatures and usage too.
TEST_P(contents_of_messages, are_the_same_in_both_forms_whichever_was_recorded) {
  const auto plain = asking("hello", GetParam().members);
  const auto stream = asking("hello", GetParam().members + std::string(streamed));
  for (const bool stream_first : {false, true}) {
    auto at_work = in_front_of();
    auto client = at_work.client();
    const auto recorded = client.post(messages_path, stream_first ? stream : plain, {{"x-mock-tools", "2"}});
    const auto turned = client.post(messages_path, stream_first ? plain : stream);
    ASSERT_EQ(recorded.outcome(), "MISS");
    ASSERT_EQ(turned.outcome(), "HIT") << turned.header("cache-status");
    EXPECT_EQ(read_message(turned.body), read_message(recorded.body)) << recorded.body << "\n" << turned.body;
    EXPECT_EQ(turned.body.starts_with("event: message_start\n"), !stream_first);
    EXPECT_EQ(at_work.calls(), 1);
  }
}

INSTANTIATE_TEST_SUITE_P(each, contents_of_messages,
                         testing::Values(content_case{"text", ""}, content_case{"tools", std::string(tools)},
                                         content_case{"thinking", std::string(thinking)},
                                         content_case{"thinking_and_tools", std::string(thinking).append(tools)}),
                         [](const auto& one) { return std::string(one.param.name); });

struct bad_messages {
  std::string_view name;
  std::string_view members;
  header_list controls;
  int status = 200;
  bool complete = true;
};

class bad_answers_to_messages : public testing::TestWithParam<bad_messages> {};

TEST_P(bad_answers_to_messages, pass_through_and_are_not_stored) {
  const auto& how = GetParam();
  auto at_work = in_front_of();
  const auto request = asking("hello", how.members);
  const auto bad = at_work.client().post(messages_path, request, how.controls);
  EXPECT_EQ(bad.status, how.status);
  EXPECT_EQ(bad.complete, how.complete);
  if (how.status >= 400) EXPECT_TRUE(bad.body.starts_with(R"({"type":"error","error":{"type":")")) << bad.body;
  EXPECT_TRUE(gateway::eventually([&] { return at_work.fills() == 0; }));
  EXPECT_TRUE(at_work.entries().empty());
  EXPECT_EQ(at_work.client().post(messages_path, request).outcome(), "MISS");
}

const bad_messages bad_cases[]{
    {"error_event", streamed, {{"x-mock-error-event", "4"}}},
    {"truncated_stream", streamed, {{"x-mock-truncate", "500"}}, 200, false},
    {"truncated", "", {{"x-mock-truncate", "90"}}, 200, false},
    {"refusal", "", {{"x-mock-finish", "refusal"}}},
    {"refusal_in_a_stream", streamed, {{"x-mock-finish", "refusal"}}},
    {"unknown_stop_reason", streamed, {{"x-mock-finish", "abort"}}},
    {"no_message_stop", streamed, {{"x-mock-no-done", "1"}}},
    {"overloaded", streamed, {{"x-mock-status", "529"}}, 529},
    {"rate_limited", "", {{"x-mock-status", "429"}}, 429},
};
INSTANTIATE_TEST_SUITE_P(never, bad_answers_to_messages, testing::ValuesIn(bad_cases),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(messages, cut_at_their_length_are_answers) {
  auto at_work = in_front_of();
  auto client = at_work.client();
  const auto request = asking("length", streamed);
  EXPECT_EQ(client.post(messages_path, request, {{"x-mock-finish", "max_tokens"}}).outcome(), "MISS");
  EXPECT_EQ(client.post(messages_path, request).outcome(), "HIT");
}

TEST(messages, two_streams_at_once_make_one_call_and_a_plain_request_joins_them) {
  const std::string start =
      "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\","
      "\"content\":[],\"usage\":{\"input_tokens\":1}}}\n\n";
  const std::string rest =
      "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
      "\"content_block\":{\"type\":\"text\",\"text\":\"deep\"}}\n\n"
      "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
      "\"usage\":{\"output_tokens\":1}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
  std::promise<void> joined;
  scripted_upstream provider{[&](auto& now) {
    now.write(stream_head() + chunk(start));
    joined.get_future().wait();
    now.write(chunk(rest) + chunk(""));
  }};
  auto at_work = in_front_of(&provider);
  auto leader = at_work.client();
  leader.ask("POST", messages_path, asking("hello", streamed));
  leader.receive_until("message_start");
  auto follower = at_work.client();
  follower.ask("POST", messages_path, asking("hello", streamed));
  auto plain = at_work.client();
  plain.ask("POST", messages_path, asking("hello"));
  EXPECT_TRUE(at_work.await_requests(3));
  joined.set_value();
  const auto got = follower.receive();
  EXPECT_EQ(got.outcome(), "COALESCED");
  EXPECT_EQ(got.body, start + rest);
  const auto merged = plain.receive();
  EXPECT_EQ(merged.outcome(), "COALESCED");
  EXPECT_EQ(merged.body, R"({"id":"msg_1","content":[{"type":"text","text":"deep"}],)"
                         R"("usage":{"input_tokens":1,"output_tokens":1},"stop_reason":"end_turn"})");
  EXPECT_EQ(provider.calls(), 1U);
}

TEST(messages, are_keyed_by_anthropics_headers_and_not_by_whom_they_are_for) {
  auto at_work = in_front_of();
  auto client = at_work.client();
  const header_list version{{"anthropic-version", "2023-06-01"}};
  EXPECT_EQ(client.post(messages_path, asking("hello"), version).outcome(), "MISS");
  const auto tagged = asking("hello", R"(,"metadata":{"user_id":"u-1"},"service_tier":"standard_only")");
  EXPECT_EQ(client.post(messages_path, tagged, version).outcome(), "HIT");
  EXPECT_EQ(client.post(messages_path, asking("hello"), {{"anthropic-version", "2026-10-21"}}).outcome(), "MISS");
  const header_list beta{{"anthropic-version", "2023-06-01"}, {"anthropic-beta", "some-beta"}};
  EXPECT_EQ(client.post(messages_path, asking("hello"), beta).outcome(), "MISS");
}

TEST(messages, a_key_counts_as_the_same_in_either_header) {
  auto at_work = in_front_of();
  auto client = at_work.client();
  EXPECT_EQ(client.post(messages_path, asking("hello"), {{"x-api-key", "sk-ant-1"}}).outcome(), "MISS");
  EXPECT_EQ(at_work.last_request().header("x-api-key"), "sk-ant-1");
  EXPECT_EQ(client.post(messages_path, asking("hello"), {{"Authorization", "Bearer sk-ant-1"}}).outcome(), "HIT");
  EXPECT_EQ(client.post(messages_path, asking("hello"), {{"Authorization", "Bearer sk-ant-2"}}).outcome(), "MISS");
  EXPECT_EQ(at_work.last_request().header("authorization"), "Bearer sk-ant-2");
}

TEST(messages, with_an_effect_at_the_provider_are_not_cached) {
  auto at_work = in_front_of();
  auto client = at_work.client();
  const auto request = asking("hello", R"(,"tools":[{"type":"code_execution_20260521","name":"code_execution"}])");
  for (int i = 0; i < 2; ++i) {
    const auto got = client.post(messages_path, request);
    EXPECT_EQ(got.outcome(), "BYPASS");
    EXPECT_TRUE(got.header("cache-status").contains("server-state")) << got.header("cache-status");
  }
  EXPECT_EQ(at_work.calls(), 2);
}

TEST(messages, say_what_a_hit_saved) {
  auto at_work = in_front_of();
  auto client = at_work.client();
  for (const auto form : {std::string_view{}, streamed}) {
    client.post(messages_path, asking("hello", form));
    const auto saved = client.post(messages_path, asking("hello", form)).header("x-refrain-saved-usd");
    EXPECT_GT(std::stod("0" + saved), 0) << saved;
  }
}

TEST(count_tokens, is_answered_again_and_cost_nothing) {
  auto at_work = in_front_of();
  auto client = at_work.client();
  const std::string path = std::string(messages_path) + "/count_tokens";
  const std::string request = R"({"messages":[{"role":"user","content":"hello"}],"model":"claude-sonnet-5-5"})";
  const auto first = client.post(path, request);
  const auto second = client.post(path, request);
  EXPECT_EQ(first.outcome(), "MISS");
  EXPECT_EQ(second.outcome(), "HIT");
  EXPECT_TRUE(second.body.starts_with(R"({"input_tokens":)"));
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(second.header("x-refrain-saved-usd"), "0.000000");
  EXPECT_EQ(at_work.entries().at(0).id.type, entry::cache_type::text);
}

}  // namespace
}  // namespace refrain::tests
