#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

#include "support/chat_reading.h"
#include "support/gateway.h"

namespace refrain::tests {
namespace {

namespace json = boost::json;

constexpr std::string_view path = "/v1/responses";

/// A request as the OpenAI SDK sends it.
std::string respond(std::string_view text, std::string_view more = "") {
  std::string body = R"({"model":"gpt-4o-mini","input":")";
  body.append(text).append("\"").append(more).append("}");
  return body;
}

/// The response that a plain body is, or the last event of a stream carries.
json::value response_in(std::string_view body) {
  if (!body.starts_with("event: ")) return json::parse(body);
  const auto at = body.rfind("data: ") + 6;
  return json::parse(body.substr(at, body.find('\n', at) - at)).at("response");
}

struct form_case {
  std::string_view name;
  std::string_view members;
  header_list controls;
};

const form_case form_cases[]{
    {"text", "", {}},
    {"two_calls", R"(,"tools":[{"type":"function","name":"look"}])", {{"x-mock-tools", "2"}}},
    {"cut_at_its_length", R"(,"max_output_tokens":3)", {}},
    {"not_stored_upstream", R"(,"store":false,"include":["reasoning.encrypted_content"])", {}},
    {"follow_up", R"(,"previous_response_id":"resp_1")", {}},
};

class response_forms : public testing::TestWithParam<form_case> {};

TEST_P(response_forms, both_are_the_same_response_to_the_letter_whichever_was_recorded) {
  const auto& [name, members, controls] = GetParam();
  const auto plain = respond("hello", members);
  const auto stream = respond("hello", std::string(members).append(streamed));
  for (const bool stream_first : {false, true}) {
    gateway at_work;
    auto client = at_work.client();
    const auto recorded = client.post(path, stream_first ? stream : plain, controls);
    const auto turned = client.post(path, stream_first ? plain : stream, controls);
    ASSERT_EQ(recorded.outcome(), "MISS");
    ASSERT_EQ(turned.outcome(), "HIT") << turned.header("cache-status");
    EXPECT_TRUE(proves(recorded.body, plain));
    EXPECT_EQ(response_in(turned.body), response_in(recorded.body));
    EXPECT_EQ(turned.body.starts_with("event: "), !stream_first);
    EXPECT_EQ(client.post(path, stream_first ? stream : plain, controls).body, recorded.body);
    EXPECT_EQ(at_work.calls(), 1);
  }
}

INSTANTIATE_TEST_SUITE_P(answers, response_forms, testing::ValuesIn(form_cases),
                         [](const auto& one) { return std::string(one.param.name); });

/// Its ids work for the account alone that made it, whatever two clients of one namespace share.
TEST(responses, of_one_upstream_account_are_never_served_to_another) {
  gateway at_work{{.configure = [](auto& to) {
    to.clients["carla"] = {.key = base::secret{"key-of-carla"}, .namespaces = {"team"}};
    to.clients["dora"] = {.key = base::secret{"key-of-dora"}, .namespaces = {"team"}};
  }}};
  auto client = at_work.client();
  const auto ask = [&](std::string_view where, const std::string& body, const std::string& who,
                       const std::string& account) {
    return client
        .post(where, body,
              {{"x-refrain-client-key", "key-of-" + who},
               {"x-refrain-namespace", "team"},
               {"Authorization", "Bearer " + account}})
        .outcome();
  };
  EXPECT_EQ(ask(chat_path, chat("hello"), "carla", "sk-one"), "MISS");
  EXPECT_EQ(ask(chat_path, chat("hello"), "dora", "sk-two"), "HIT") << "they share what is bound to no account";

  EXPECT_EQ(ask(path, respond("hello"), "carla", "sk-one"), "MISS");
  EXPECT_EQ(ask(path, respond("hello"), "dora", "sk-two"), "MISS");
  EXPECT_EQ(ask(path, respond("hello"), "dora", "sk-one"), "HIT");
  EXPECT_EQ(ask(path, respond("hello"), "carla", "sk-two"), "HIT");
  EXPECT_EQ(at_work.calls(), 3);
}

TEST(responses, of_one_user_are_not_shown_to_another) {
  gateway at_work;
  auto client = at_work.client();
  for (const auto* const more : {R"(,"user":"anna")", R"(,"user":"bert")", R"(,"metadata":{"team":"a"})",
                                 R"(,"safety_identifier":"anna")", R"(,"store":false)"}) {
    EXPECT_EQ(client.post(path, respond("hello", more)).outcome(), "MISS") << more;
    EXPECT_EQ(client.post(path, respond("hello", more)).outcome(), "HIT") << more;
  }
}

TEST(responses, that_follow_another_are_not_those_that_follow_none) {
  gateway at_work;
  auto client = at_work.client();
  const auto first = response_in(client.post(path, respond("hello")).body);
  const std::string id(first.at("id").as_string());
  const auto follow_up = respond("and then?", R"(,"previous_response_id":")" + id + '"');
  EXPECT_EQ(client.post(path, respond("and then?")).outcome(), "MISS");
  EXPECT_EQ(client.post(path, follow_up).outcome(), "MISS");
  EXPECT_EQ(client.post(path, follow_up).outcome(), "HIT");
  EXPECT_EQ(client.post(path, respond("and then?", R"(,"previous_response_id":"resp_other")")).outcome(), "MISS");
}

struct uncached_case {
  std::string_view name;
  std::string_view members;
  std::string_view detail;
};

const uncached_case uncached_cases[]{
    {"in_the_background", R"(,"background":true)", "upstream-effect"},
    {"of_a_conversation", R"(,"conversation":"conv_1")", "upstream-effect"},
    {"of_a_template_that_may_change", R"(,"prompt":{"id":"pmpt_1"})", "server-state"},
    {"with_a_remote_tool", R"(,"tools":[{"type":"mcp","server_label":"a"}])", "upstream-effect"},
};

class uncached_responses : public testing::TestWithParam<uncached_case> {};

TEST_P(uncached_responses, pass_through_and_the_reason_is_said) {
  gateway at_work;
  auto client = at_work.client();
  for (int i = 0; i < 2; ++i) {
    const auto got = client.post(path, respond("hello", GetParam().members));
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.outcome(), "BYPASS");
    EXPECT_TRUE(got.header("cache-status").contains(GetParam().detail)) << got.header("cache-status");
  }
  EXPECT_EQ(at_work.calls(), 2);
  EXPECT_TRUE(at_work.entries().empty());
}

INSTANTIATE_TEST_SUITE_P(requests, uncached_responses, testing::ValuesIn(uncached_cases),
                         [](const auto& one) { return std::string(one.param.name); });

struct bad_answer {
  std::string_view name;
  std::string_view members;
  header_list controls;
};

const bad_answer bad_answers[]{
    {"error_event", streamed, {{"x-mock-error-event", "3"}}},
    {"stream_without_its_last_event", streamed, {{"x-mock-no-done", "1"}}},
    {"truncated_stream", streamed, {{"x-mock-truncate", "900"}}},
    {"content_filter", "", {{"x-mock-finish", "content_filter"}}},
    {"content_filter_in_a_stream", streamed, {{"x-mock-finish", "content_filter"}}},
};

class bad_responses : public testing::TestWithParam<bad_answer> {};

TEST_P(bad_responses, are_not_stored) {
  gateway at_work;
  const auto body = respond("hello", GetParam().members);
  EXPECT_EQ(at_work.client().post(path, body, GetParam().controls).outcome(), "MISS");
  EXPECT_TRUE(gateway::eventually([&] { return at_work.fills() == 0; }));
  EXPECT_TRUE(at_work.entries().empty());
  EXPECT_EQ(at_work.client().post(path, body).outcome(), "MISS");
}

INSTANTIATE_TEST_SUITE_P(never, bad_responses, testing::ValuesIn(bad_answers),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace refrain::tests
