#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>
#include <string>

#include "mock/proof.h"
#include "support/mock/call.h"

namespace refrain::mock {
namespace {

namespace json = boost::json;

call asking(std::string body) {
  call asked;
  asked.number = 1;
  asked.method = "POST";
  asked.target = "/v1/chat/completions";
  asked.body = std::move(body);
  asked.how.text_bytes = 200;
  return asked;
}

json::value plain(const call& asked) {
  const auto reply = test::answered(asked);
  EXPECT_EQ(reply.status, 200U) << reply.pieces.front();
  return json::parse(reply.pieces.front());
}

/// The chunks of a stream, its terminator checked and dropped.
std::vector<json::value> chunks(const call& asked) {
  const auto reply = test::answered(asked);
  EXPECT_TRUE(reply.chunked);
  EXPECT_EQ(reply.pieces.back(), "data: [DONE]\n\n");
  std::vector<json::value> all;
  for (const auto& piece : reply.pieces) {
    EXPECT_TRUE(piece.starts_with("data: ") && piece.ends_with("\n\n"));
    if (&piece != &reply.pieces.back()) all.push_back(json::parse(piece.substr(6, piece.size() - 8)));
  }
  return all;
}

/// What a client puts together from the deltas of one choice.
struct gathered {
  std::string content, reasoning, finish;
  std::map<std::int64_t, json::object> calls;
};

gathered gather(const std::vector<json::value>& stream, std::int64_t index) {
  gathered all;
  for (const auto& chunk : stream) {
    for (const auto& choice : chunk.at("choices").as_array()) {
      if (choice.at("index").as_int64() != index) continue;
      const auto& delta = choice.at("delta").as_object();
      const auto* content = delta.if_contains("content");
      if (content != nullptr && content->is_string()) all.content += content->as_string();
      if (const auto* text = delta.if_contains("reasoning_content")) all.reasoning += text->as_string();
      if (const auto* calls = delta.if_contains("tool_calls")) {
        const auto& part = calls->as_array().at(0).as_object();
        auto& whole = all.calls[part.at("index").as_int64()];
        for (const auto* name : {"id", "type"}) {
          if (const auto* given = part.if_contains(name)) whole[name] = *given;
        }
        const auto& function = part.at("function").as_object();
        if (const auto* name = function.if_contains("name")) whole["name"] = *name;
        std::string arguments(whole["arguments"].is_string() ? whole["arguments"].as_string() : json::string());
        whole["arguments"] = arguments + std::string(function.at("arguments").as_string());
      }
      if (choice.at("finish_reason").is_string()) all.finish = choice.at("finish_reason").as_string();
    }
  }
  return all;
}

std::string request(std::string_view more = "", std::string_view model = "gpt-4o-mini") {
  return std::string(R"({"model":")") + std::string(model) +
         R"(","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Why is the sky blue?"}])" +
         std::string(more) + "}";
}

constexpr std::string_view tools =
    R"(,"tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object",)"
    R"("properties":{"city":{"type":"string"},"days":{"type":"integer"}}}}},)"
    R"({"type":"function","function":{"name":"clock"}}])";

TEST(chat, carries_the_proof_of_its_request) {
  const auto body = request();
  const auto answer = plain(asking(body));
  const std::string text(answer.at_pointer("/choices/0/message/content").as_string());
  EXPECT_TRUE(text.starts_with("proof:" + *proof_of(body)));
  EXPECT_NE(text.find("Why is the sky blue?"), std::string::npos);
}

TEST(chat, has_the_members_of_a_completion) {
  const auto answer = plain(asking(request()));
  EXPECT_TRUE(answer.at("id").as_string().starts_with("chatcmpl-"));
  EXPECT_EQ(answer.at("object"), "chat.completion");
  EXPECT_EQ(answer.at("model"), "gpt-4o-mini");
  EXPECT_TRUE(answer.at("system_fingerprint").is_string());
  EXPECT_EQ(answer.at_pointer("/choices/0/message/role"), "assistant");
  EXPECT_TRUE(answer.at_pointer("/choices/0/message/refusal").is_null());
  EXPECT_EQ(answer.at_pointer("/choices/0/finish_reason"), "stop");
  const auto& usage = answer.at("usage");
  EXPECT_EQ(usage.at("total_tokens").as_int64(),
            usage.at("prompt_tokens").as_int64() + usage.at("completion_tokens").as_int64());
  EXPECT_EQ(usage.at_pointer("/prompt_tokens_details/cached_tokens"), 0);
}

TEST(chat, has_a_new_id_in_each_answer_and_the_same_text) {
  auto first = asking(request());
  auto second = first;
  second.number = 2;
  EXPECT_NE(plain(first).at("id"), plain(second).at("id"));
  EXPECT_EQ(plain(first).at("choices"), plain(second).at("choices"));
}

TEST(chat, streams_what_it_says_plainly) {
  const auto answer = plain(asking(request()));
  for (const std::size_t tokens : {1U, 7U}) {
    auto asked = asking(request(R"(,"stream":true)"));
    asked.how.tokens_per_chunk = tokens;
    const auto stream = chunks(asked);
    EXPECT_EQ(stream.front().at_pointer("/choices/0/delta/role"), "assistant");
    EXPECT_EQ(stream.front().at_pointer("/choices/0/delta/content"), "");
    EXPECT_EQ(stream.front().at("object"), "chat.completion.chunk");
    EXPECT_FALSE(stream.front().as_object().contains("usage"));
    EXPECT_GT(stream.size(), 5U);
    const auto all = gather(stream, 0);
    EXPECT_EQ(json::value(all.content), answer.at_pointer("/choices/0/message/content"));
    EXPECT_EQ(all.finish, "stop");
  }
}

TEST(chat, streams_usage_last_where_it_is_asked_for) {
  const auto stream = chunks(asking(request(R"(,"stream":true,"stream_options":{"include_usage":true})")));
  EXPECT_TRUE(stream.front().at("usage").is_null());
  EXPECT_TRUE(stream.back().at("choices").as_array().empty());
  EXPECT_EQ(stream.back().at("usage"), plain(asking(request())).at("usage"));
}

TEST(chat, gives_as_many_choices_as_asked_and_no_two_alike) {
  const auto answer = plain(asking(request(R"(,"n":3)")));
  const auto stream = chunks(asking(request(R"(,"n":3,"stream":true)")));
  ASSERT_EQ(answer.at("choices").as_array().size(), 3U);
  for (int index = 0; index < 3; ++index) {
    const auto& choice = answer.at("choices").at(static_cast<std::size_t>(index));
    EXPECT_EQ(choice.at("index"), index);
    EXPECT_EQ(choice.at_pointer("/message/content"), json::value(gather(stream, index).content));
  }
  EXPECT_NE(answer.at_pointer("/choices/1/message"), answer.at_pointer("/choices/2/message"));
  EXPECT_EQ(stream.at(1).at_pointer("/choices/0/index"), 1) << "the choices take turns";
}

TEST(chat, calls_the_first_tool_with_arguments_of_its_schema) {
  const auto body = request(tools);
  const auto answer = plain(asking(body));
  const auto& call = answer.at_pointer("/choices/0/message/tool_calls/0");
  EXPECT_TRUE(call.at("id").as_string().starts_with("call_" + *proof_of(body)));
  EXPECT_EQ(call.at_pointer("/function/name"), "weather");
  EXPECT_EQ(call.at_pointer("/function/arguments"),
            json::value(R"({"city":"proof:)" + *proof_of(body) + R"(","days":7})"));
  EXPECT_TRUE(answer.at_pointer("/choices/0/message/content").is_null());
  EXPECT_EQ(answer.at_pointer("/choices/0/finish_reason"), "tool_calls");
}

TEST(chat, streams_tool_calls_as_it_makes_them_plainly) {
  auto asked = asking(request(tools));
  asked.how.tool_calls = 2;
  const auto answer = plain(asked);
  asked.body = request(std::string(tools) + R"(,"stream":true)");
  const auto all = gather(chunks(asked), 0);
  ASSERT_EQ(all.calls.size(), 2U);
  for (const auto& [index, call] : all.calls) {
    const auto& whole = answer.at_pointer("/choices/0/message/tool_calls").at(static_cast<std::size_t>(index));
    EXPECT_EQ(call.at("id"), whole.at("id"));
    EXPECT_EQ(call.at("type"), "function");
    EXPECT_EQ(call.at("name"), whole.at_pointer("/function/name"));
    EXPECT_EQ(call.at("arguments"), whole.at_pointer("/function/arguments"));
  }
  EXPECT_EQ(all.finish, "tool_calls");
}

TEST(chat, calls_the_tool_that_is_named_and_none_where_none_is_wanted) {
  const auto named =
      plain(asking(request(std::string(tools) + R"(,"tool_choice":{"type":"function","function":{"name":"clock"}})")));
  EXPECT_EQ(named.at_pointer("/choices/0/message/tool_calls/0/function/name"), "clock");
  const auto none = plain(asking(request(std::string(tools) + R"(,"tool_choice":"none")")));
  EXPECT_EQ(none.at_pointer("/choices/0/finish_reason"), "stop");
}

TEST(chat, answers_in_words_after_a_tool) {
  const auto answer =
      plain(asking(std::string(R"({"model":"m","messages":[{"role":"user","content":"Rain?"},)") +
                   R"({"role":"assistant","content":null},)" +
                   R"({"role":"tool","tool_call_id":"call_1","content":"no"}])" + std::string(tools) + "}"));
  EXPECT_EQ(answer.at_pointer("/choices/0/finish_reason"), "stop");
  EXPECT_TRUE(answer.at_pointer("/choices/0/message/content").is_string());
}

TEST(chat, thinks_aloud_where_the_model_reasons) {
  const auto answer = plain(asking(request("", "mock-reasoner")));
  const auto all = gather(chunks(asking(request(R"(,"stream":true)", "mock-reasoner"))), 0);
  EXPECT_EQ(answer.at_pointer("/choices/0/message/reasoning_content"), json::value(all.reasoning));
  EXPECT_GT(answer.at_pointer("/usage/completion_tokens_details/reasoning_tokens").as_int64(), 0);
}

TEST(chat, stops_at_the_most_tokens) {
  const auto answer = plain(asking(request(R"(,"max_tokens":5)")));
  EXPECT_EQ(answer.at_pointer("/choices/0/finish_reason"), "length");
  EXPECT_EQ(answer.at_pointer("/usage/completion_tokens"), 5);
}

TEST(chat, speaks_json_where_it_is_asked_to) {
  const auto answer = plain(
      asking(request(R"(,"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object",)"
                     R"("properties":{"a":{"type":"string"},"b":{"type":"number"}}}}})")));
  const auto content = json::parse(answer.at_pointer("/choices/0/message/content").as_string());
  EXPECT_TRUE(content.at("a").is_string());
  EXPECT_EQ(content.at("b"), 1.5);
}

TEST(chat, gives_logprobs_that_spell_the_text) {
  const auto answer = plain(asking(request(R"(,"logprobs":true)")));
  std::string text;
  for (const auto& token : answer.at_pointer("/choices/0/logprobs/content").as_array()) {
    text += token.at("token").as_string();
  }
  EXPECT_EQ(json::value(text), answer.at_pointer("/choices/0/message/content"));
}

TEST(chat, breaks_the_stream_off_with_an_error_event) {
  auto asked = asking(request(R"(,"stream":true)"));
  asked.how.error_event = 2;
  const auto stream = chunks(asked);
  ASSERT_EQ(stream.size(), 3U);
  EXPECT_TRUE(stream.back().as_object().contains("error"));
}

TEST(chat, leaves_out_what_the_call_wants_left_out) {
  auto asked = asking(request(R"(,"stream":true,"stream_options":{"include_usage":true})"));
  asked.how.no_usage = true;
  asked.how.no_done = true;
  asked.how.finish = "content_filter";
  const auto reply = test::answered(asked);
  EXPECT_NE(reply.pieces.back().find(R"("finish_reason":"content_filter")"), std::string::npos);
}

TEST(chat, turns_bad_requests_down) {
  for (const auto* body : {"", "{", "[]", R"({"messages":[{"role":"user","content":"x"}]})", R"({"model":"m"})",
                           R"({"model":"m","messages":[]})", R"({"model":"m","messages":"x"})"}) {
    const auto reply = test::answered(asking(body));
    EXPECT_EQ(reply.status, 400U) << body;
    EXPECT_TRUE(reply.pieces.front().starts_with(R"({"error":{"message":")")) << body;
  }
}

TEST(chat, survives_messages_of_the_wrong_type) {
  for (const auto* messages : {"[1]", "[null]", R"([{"role":1,"content":{}}])", R"([{"content":[1,{"text":2}]}])"}) {
    const auto body =
        std::string(R"({"model":"m","tools":[1],"tool_choice":[],"response_format":1,"messages":)") + messages + "}";
    EXPECT_EQ(test::answered(asking(body)).status, 200U) << messages;
  }
}

}  // namespace
}  // namespace refrain::mock
