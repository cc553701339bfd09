#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

#include "mock/proof.h"
#include "support/mock/call.h"
#include "support/mock/messages.h"

namespace refrain::mock {
namespace {

namespace json = boost::json;

const provider& api = test::provider_at("/v1/messages");

call asking(std::string body) {
  call asked;
  asked.number = 1;
  asked.method = "POST";
  asked.target = "/v1/messages";
  asked.body = std::move(body);
  asked.how.text_bytes = 200;
  return asked;
}

std::string request(std::string_view more = "", std::string_view model = "claude-sonnet-5-5") {
  std::string body = R"({"model":")";
  body.append(model).append(R"(","max_tokens":500,"messages":[{"role":"user","content":"How deep is it?"}])");
  return body.append(more).append("}");
}

constexpr std::string_view tools =
    R"(,"tools":[{"name":"weather","input_schema":{"type":"object","properties":{"city":{"type":"string"}}}},)"
    R"({"name":"clock","input_schema":{"type":"object","properties":{}}}])";

json::value plain(const call& asked) {
  const auto reply = test::answered(asked);
  EXPECT_EQ(reply.status, 200U) << reply.pieces.front();
  return json::parse(reply.pieces.front());
}

/// The events of a stream, each named as its data says.
std::vector<json::value> events(const call& asked) {
  const auto reply = test::answered(asked);
  EXPECT_TRUE(reply.chunked);
  std::vector<json::value> all;
  for (const auto& piece : reply.pieces) {
    EXPECT_TRUE(piece.ends_with("\n\n"));
    all.push_back(test::message_events(piece).at(0));
    EXPECT_TRUE(piece.starts_with("event: " + std::string(all.back().at("type").as_string()) + "\n")) << piece;
  }
  return all;
}

TEST(messages, prove_which_request_they_answer) {
  const auto answer = plain(asking(request()));
  const std::string text{answer.at_pointer("/content/0/text").as_string()};
  EXPECT_TRUE(text.starts_with("proof:" + *proof_of(request()))) << text;
  EXPECT_TRUE(text.find("How deep is it?") != std::string::npos);
}

TEST(messages, have_the_members_of_anthropics) {
  const auto answer = plain(asking(request()));
  EXPECT_TRUE(answer.at("id").as_string().starts_with("msg_"));
  EXPECT_EQ(answer.at("type"), "message");
  EXPECT_EQ(answer.at("role"), "assistant");
  EXPECT_EQ(answer.at("model"), "claude-sonnet-5-5");
  EXPECT_EQ(answer.at("stop_reason"), "end_turn");
  EXPECT_TRUE(answer.at("stop_sequence").is_null());
  EXPECT_GT(answer.at_pointer("/usage/input_tokens").as_int64(), 0);
  EXPECT_GT(answer.at_pointer("/usage/output_tokens").as_int64(), 10);
}

TEST(messages, have_a_new_id_in_each_answer_and_the_same_content) {
  auto first = asking(request(tools));
  auto second = first;
  second.number = 2;
  EXPECT_NE(plain(first).at("id"), plain(second).at("id"));
  EXPECT_EQ(plain(first).at("content"), plain(second).at("content"));
}

struct streamed_case {
  std::string_view name;
  std::string members;
};

class streamed_messages : public testing::TestWithParam<streamed_case> {};

TEST_P(streamed_messages, say_what_plain_ones_say) {
  const auto answer = plain(asking(request(GetParam().members)));
  for (const std::size_t tokens : {1U, 7U}) {
    auto asked = asking(request(GetParam().members + R"(,"stream":true)"));
    asked.how.tokens_per_chunk = tokens;
    const auto stream = events(asked);
    EXPECT_EQ(stream.front().at("type"), "message_start");
    EXPECT_EQ(stream.at(2).at("type"), "ping");
    EXPECT_EQ(stream.back().at("type"), "message_stop");
    EXPECT_EQ(test::gather_message(stream), answer);
  }
}

INSTANTIATE_TEST_SUITE_P(
    each, streamed_messages,
    testing::Values(streamed_case{"text", ""}, streamed_case{"tools", std::string(tools)},
                    streamed_case{"thinking", R"(,"thinking":{"type":"enabled","budget_tokens":1024})"},
                    streamed_case{"thinking_and_tools", R"(,"thinking":{"type":"adaptive"})" + std::string(tools)}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(messages, use_the_first_tool_with_input_of_its_schema) {
  auto asked = asking(request(tools));
  asked.how.tool_calls = 2;
  const auto answer = plain(asked);
  EXPECT_EQ(answer.at("stop_reason"), "tool_use");
  ASSERT_EQ(answer.at("content").as_array().size(), 2U);
  const auto& use = answer.at_pointer("/content/0");
  EXPECT_EQ(use.at("type"), "tool_use");
  EXPECT_TRUE(use.at("id").as_string().starts_with("toolu_" + *proof_of(request(tools))));
  EXPECT_NE(use.at("id"), answer.at_pointer("/content/1/id"));
  EXPECT_EQ(use.at("name"), "weather");
  EXPECT_EQ(use.at_pointer("/input/city"), json::value("proof:" + *proof_of(request(tools))));
}

TEST(messages, use_the_tool_that_is_named_and_none_where_none_is_wanted) {
  const auto named = plain(asking(request(std::string(tools) + R"(,"tool_choice":{"type":"tool","name":"clock"})")));
  EXPECT_EQ(named.at_pointer("/content/0/name"), "clock");
  const auto none = plain(asking(request(std::string(tools) + R"(,"tool_choice":{"type":"none"})")));
  EXPECT_EQ(none.at("stop_reason"), "end_turn");
}

TEST(messages, answer_in_words_after_a_tools_result) {
  const auto answer =
      plain(asking(R"({"model":"m","max_tokens":99,"messages":[{"role":"user","content":"Rain?"},)"
                   R"({"role":"assistant","content":[{"type":"tool_use","id":"t","name":"weather","input":{}}]},)"
                   R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"no"}]}])" +
                   std::string(tools) + "}"));
  EXPECT_EQ(answer.at("stop_reason"), "end_turn");
  EXPECT_EQ(answer.at_pointer("/content/0/type"), "text");
}

TEST(messages, think_first_where_they_are_asked_to) {
  for (const auto& body : {request(R"(,"thinking":{"type":"adaptive"})"), request("", "mock-reasoner")}) {
    const auto answer = plain(asking(body));
    EXPECT_EQ(answer.at_pointer("/content/0/type"), "thinking");
    EXPECT_FALSE(answer.at_pointer("/content/0/signature").as_string().empty());
    EXPECT_EQ(answer.at_pointer("/content/1/type"), "text");
    EXPECT_GT(answer.at_pointer("/usage/output_tokens_details/thinking_tokens").as_int64(), 0);
  }
  const auto silent = plain(asking(request(R"(,"thinking":{"type":"disabled"})")));
  EXPECT_EQ(silent.at_pointer("/content/0/type"), "text");
}

TEST(messages, stop_at_the_most_tokens) {
  const auto answer =
      plain(asking(R"({"model":"m","max_tokens":5,"messages":[{"role":"user","content":"How deep is it?"}]})"));
  EXPECT_EQ(answer.at("stop_reason"), "max_tokens");
  EXPECT_EQ(answer.at_pointer("/usage/output_tokens"), 5);
}

TEST(messages, speak_json_where_they_are_asked_to) {
  const auto answer = plain(asking(request(
      R"(,"output_config":{"format":{"type":"json_schema","schema":{"type":"object","properties":{"a":{"type":"number"}}}}})")));
  EXPECT_EQ(json::parse(answer.at_pointer("/content/0/text").as_string()).at("a"), 1.5);
}

TEST(messages, break_the_stream_off_with_an_error_event) {
  auto asked = asking(request(R"(,"stream":true)"));
  asked.how.error_event = 3;
  const auto stream = events(asked);
  ASSERT_EQ(stream.size(), 4U);
  EXPECT_EQ(stream.back().at("type"), "error");
  EXPECT_EQ(stream.back().at_pointer("/error/type"), "overloaded_error");
}

TEST(messages, leave_out_what_the_call_wants_left_out) {
  auto asked = asking(request(R"(,"stream":true)"));
  asked.how.no_usage = true;
  asked.how.no_done = true;
  asked.how.finish = "refusal";
  const auto stream = events(asked);
  EXPECT_EQ(stream.back().at_pointer("/delta/stop_reason"), "refusal");
  for (const auto& event : stream) EXPECT_EQ(json::serialize(event).find("usage"), std::string::npos);
  asked.body = request();
  EXPECT_FALSE(plain(asked).as_object().contains("usage"));
}

TEST(messages, turn_bad_requests_down_in_anthropics_shape) {
  for (const auto* body : {"", "{", "[]", R"({"max_tokens":1,"messages":[{"role":"user","content":"x"}]})",
                           R"({"model":"m","max_tokens":1})", R"({"model":"m","max_tokens":1,"messages":[]})",
                           R"({"model":"m","max_tokens":1,"messages":"x"})",
                           R"({"model":"m","messages":[{"role":"user","content":"x"}]})"}) {
    const auto reply = test::answered(asking(body));
    EXPECT_EQ(reply.status, 400U) << body;
    const auto error = json::parse(reply.pieces.front());
    EXPECT_EQ(error.at("type"), "error");
    EXPECT_EQ(error.at_pointer("/error/type"), "invalid_request_error");
    EXPECT_TRUE(error.at("request_id").as_string().starts_with("req_"));
  }
}

TEST(messages, survive_messages_of_the_wrong_type) {
  for (const auto* list : {"[1]", "[null]", R"([{"role":1,"content":{}}])", R"([{"role":"user","content":[1]}])"}) {
    const auto body = std::string(R"({"model":"m","max_tokens":9,"tools":[1],"tool_choice":[],"thinking":1,)") +
                      R"("output_config":1,"messages":)" + list + "}";
    EXPECT_EQ(test::answered(asking(body)).status, 200U) << list;
  }
}

TEST(count_tokens, counts_what_messages_says_it_used) {
  constexpr std::string_view path = "/v1/messages/count_tokens";
  const auto asked = asking(request(tools));
  const auto reply = test::answered(asked, path);
  EXPECT_EQ(json::parse(reply.pieces.front()).at("input_tokens"), plain(asked).at_pointer("/usage/input_tokens"));
  EXPECT_EQ(test::answered(asking(R"({"model":"m"})"), path).status, 400U);
  EXPECT_EQ(test::answered(asking(R"({"model":"m","messages":[{"role":"user","content":"x"}]})"), path).status, 200U);
}

TEST(anthropic, names_errors_by_their_status) {
  const auto type_of = [](unsigned status) {
    const auto reply = api.refuse(asking(""), {.status = status, .message = "No."});
    return std::string(json::parse(reply.pieces.front()).at_pointer("/error/type").as_string());
  };
  EXPECT_EQ(type_of(400), "invalid_request_error");
  EXPECT_EQ(type_of(401), "authentication_error");
  EXPECT_EQ(type_of(429), "rate_limit_error");
  EXPECT_EQ(type_of(500), "api_error");
  EXPECT_EQ(type_of(529), "overloaded_error");
}

TEST(anthropic, takes_a_key_in_either_header) {
  auto asked = asking("");
  EXPECT_EQ(api.credential(asked), "");
  asked.headers = {{"authorization", "Bearer one"}};
  EXPECT_EQ(api.credential(asked), "one");
  asked.headers.push_back({"X-Api-Key", "two"});
  EXPECT_EQ(api.credential(asked), "two");
}

}  // namespace
}  // namespace refrain::mock
