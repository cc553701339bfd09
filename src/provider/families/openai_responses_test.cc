#include "provider/families/openai.h"

#include <gtest/gtest.h>

#include <string>

#include "base/sse.h"
#include "support/provider/reading.h"

namespace refrain::provider {
namespace {

namespace json = boost::json;

std::string request(std::string_view more = {}) { return R"({"model":"m","input":"Hello")" + std::string{more} + "}"; }

struct judged_request {
  std::string_view name;
  std::string body;
  uncacheable_reason why;
  bool exact_only = false;
};

class response_requests : public ::testing::TestWithParam<judged_request> {};

TEST_P(response_requests, are_judged) {
  const auto parsed = testing::parsed_of(openai_responses, GetParam().body);
  EXPECT_EQ(parsed.why_not, GetParam().why);
  EXPECT_EQ(parsed.exact_only, GetParam().exact_only);
  EXPECT_TRUE(parsed.bound_to_account);
}

INSTANTIATE_TEST_SUITE_P(
    each, response_requests,
    ::testing::Values(
        judged_request{"text", request(), uncacheable_reason::none},
        judged_request{"stored_upstream", request(R"(,"store":true)"), uncacheable_reason::none},
        judged_request{"web_search", request(R"(,"tools":[{"type":"web_search"}])"), uncacheable_reason::none},
        judged_request{"background", request(R"(,"background":true)"), uncacheable_reason::upstream_effect},
        judged_request{"no_background", request(R"(,"background":false,"conversation":null)"),
                       uncacheable_reason::none},
        judged_request{"conversation", request(R"(,"conversation":"conv_1")"), uncacheable_reason::upstream_effect},
        judged_request{"conversation_object", request(R"(,"conversation":{"id":"conv_1"})"),
                       uncacheable_reason::upstream_effect},
        judged_request{"follow_up", request(R"(,"previous_response_id":"resp_1")"), uncacheable_reason::none, true},
        judged_request{"no_follow_up", request(R"(,"previous_response_id":null)"), uncacheable_reason::none},
        judged_request{"item_reference", R"({"model":"m","input":[{"type":"item_reference","id":"msg_1"}]})",
                       uncacheable_reason::none, true},
        judged_request{"file_by_id",
                       R"({"model":"m","input":[{"role":"user","content":[{"type":"input_file","file_id":"f"}]}]})",
                       uncacheable_reason::none, true},
        judged_request{"file_in_the_request",
                       R"({"model":"m","input":[{"role":"user","content":[{"type":"input_file","file_data":"x"}]}]})",
                       uncacheable_reason::none},
        judged_request{
            "file_that_a_tool_gave",
            R"({"model":"m","input":[{"type":"function_call_output","call_id":"c","output":[{"file_id":"f"}]}]})",
            uncacheable_reason::none, true},
        judged_request{"template_of_a_version", R"({"prompt":{"id":"p","version":"2"}})", uncacheable_reason::none,
                       true},
        judged_request{"template_that_may_change", R"({"model":"m","prompt":{"id":"p"}})",
                       uncacheable_reason::server_state, true},
        judged_request{"mcp", request(R"(,"tools":[{"type":"mcp","server_url":"https://example.com"}])"),
                       uncacheable_reason::upstream_effect},
        judged_request{"file_search", request(R"(,"tools":[{"type":"file_search","vector_store_ids":["vs_1"]}])"),
                       uncacheable_reason::server_state},
        judged_request{"code_interpreter",
                       request(R"(,"tools":[{"type":"code_interpreter","container":{"type":"auto"}}])"),
                       uncacheable_reason::server_state},
        judged_request{"hosted_shell",
                       request(R"(,"tools":[{"type":"shell","environment":{"type":"container_auto"}}])"),
                       uncacheable_reason::server_state},
        judged_request{"local_shell", request(R"(,"tools":[{"type":"shell","environment":{"type":"local"}}])"),
                       uncacheable_reason::none},
        judged_request{"tools_in_an_item",
                       R"({"model":"m","input":[{"type":"additional_tools","tools":[{"type":"mcp"}]}]})",
                       uncacheable_reason::upstream_effect},
        judged_request{"no_model", R"({"input":"x"})", uncacheable_reason::malformed_body},
        judged_request{"no_input", R"({"model":"m"})", uncacheable_reason::malformed_body},
        judged_request{"input_is_no_text", R"({"model":"m","input":7})", uncacheable_reason::malformed_body},
        judged_request{"stream_is_no_boolean", request(R"(,"stream":1)"), uncacheable_reason::malformed_body}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(response_request, what_the_answer_echoes_is_keyed) {
  const auto bare = testing::parsed_of(openai_responses, request()).content;
  for (const auto* const more :
       {R"(,"user":"a")", R"(,"metadata":{"a":"b"})", R"(,"store":false)", R"(,"service_tier":"flex")",
        R"(,"safety_identifier":"a")", R"(,"prompt_cache_key":"a")", R"(,"include":[])", R"(,"cache":true)"}) {
    EXPECT_NE(testing::parsed_of(openai_responses, request(more)).content, bare) << more;
  }
  for (const auto* const more :
       {R"(,"stream":true)", R"(,"stream_options":{"include_obfuscation":false})", R"(,"cache":{"ttl":5})"}) {
    EXPECT_EQ(testing::parsed_of(openai_responses, request(more)).content, bare) << more;
  }
}

TEST(response_request, query_is_the_last_text_of_the_user) {
  EXPECT_EQ(testing::parsed_of(openai_responses, request()).query, "Hello");
  EXPECT_EQ(
      testing::parsed_of(
          openai_responses,
          R"({"model":"m","input":[{"role":"user","content":[{"type":"input_text","text":"Hi"}]},{"role":"assistant","content":"x"}]})")
          .query,
      "Hi");
}

TEST(response_request, goes_upstream_less_the_directives_to_the_cache) {
  const auto body = request(R"(,"stream":true,"cache":{"ttl":5})");
  const auto parsed = testing::parsed_of(openai_responses, body);
  EXPECT_EQ(openai_responses.forward_body(body, parsed, true), request(R"(,"stream":true)"));
}

std::string plain(std::string_view output, std::string_view status = "completed", std::string_view more = {}) {
  return R"({"id":"resp_1","object":"response","status":")" + std::string{status} + R"(","error":null,"output":)" +
         std::string{output} + std::string{more} + "}";
}

constexpr std::string_view hello =
    R"([{"type":"message","id":"msg_1","content":[{"type":"output_text","text":"Hello"}]}])";

std::string event(std::string_view type, std::string_view more) {
  return "event: " + std::string{type} + "\ndata: {\"type\":\"" + std::string{type} + "\"," + std::string{more} +
         "}\n\n";
}

std::string last(std::string_view type, const std::string& response) { return event(type, "\"response\":" + response); }

struct judged {
  std::string_view name;
  wire_form form;
  std::string body;
  uncacheable_reason why;
};

class response_answers : public ::testing::TestWithParam<judged> {};

TEST_P(response_answers, are_judged) {
  const auto& [name, form, body, why] = GetParam();
  EXPECT_EQ(testing::read_at_once(openai_responses, form, body).why_not, why);
}

const std::string done = last("response.completed", plain(hello));

INSTANTIATE_TEST_SUITE_P(
    each, response_answers,
    ::testing::Values(
        judged{"plain", wire_form::plain, plain(hello), uncacheable_reason::none},
        judged{"a_call_is_an_answer", wire_form::plain, plain(R"([{"type":"function_call"}])"),
               uncacheable_reason::none},
        judged{"cut_by_its_length", wire_form::plain,
               plain(hello, "incomplete", R"(,"incomplete_details":{"reason":"max_output_tokens"})"),
               uncacheable_reason::none},
        judged{"incomplete_for_no_reason", wire_form::plain, plain(hello, "incomplete"),
               uncacheable_reason::unfinished_choice},
        judged{"in_progress", wire_form::plain, plain(hello, "in_progress"), uncacheable_reason::unfinished_choice},
        judged{"cancelled", wire_form::plain, plain(hello, "cancelled"), uncacheable_reason::error_event},
        judged{"item_is_no_object", wire_form::plain, plain("[1]"), uncacheable_reason::malformed_answer},
        judged{"chat_completion_instead", wire_form::plain, R"({"choices":[]})", uncacheable_reason::malformed_answer},
        judged{"stream", wire_form::stream, event("response.created", R"("response":{})") + done,
               uncacheable_reason::none},
        judged{"stream_with_done", wire_form::stream, done + "data: [DONE]\n\n", uncacheable_reason::none},
        judged{"done_twice", wire_form::stream, done + "data: [DONE]\n\ndata: [DONE]\n\n", uncacheable_reason::none},
        judged{"done_without_its_blank_line", wire_form::stream, done + "data: [DONE]", uncacheable_reason::none},
        judged{"event_after_the_end", wire_form::stream, done + event("response.closed", R"("a":1)"),
               uncacheable_reason::malformed_answer},
        judged{"event_after_done", wire_form::stream, done + "data: [DONE]\n\n" + event("response.closed", R"("a":1)"),
               uncacheable_reason::none},
        judged{"heartbeats_anywhere", wire_form::stream, "data:\n\n" + done + "data:\n\n", uncacheable_reason::none},
        judged{"incomplete_for_an_unknown_reason", wire_form::plain,
               plain(hello, "incomplete", R"(,"incomplete_details":{"reason":"abort"})"),
               uncacheable_reason::unfinished_choice},
        judged{"done_alone", wire_form::stream, "data: [DONE]\n\n", uncacheable_reason::truncated},
        judged{"comment_after_the_end", wire_form::stream, done + ": bye\n\n", uncacheable_reason::none},
        judged{"rubbish_after_the_end", wire_form::stream, done + "rubbish\n\n", uncacheable_reason::malformed_answer},
        judged{"final_event_twice", wire_form::stream, done + done, uncacheable_reason::malformed_answer},
        judged{"error_event", wire_form::stream, event("error", R"("message":"x")") + done,
               uncacheable_reason::error_event},
        judged{"error_event_without_a_name", wire_form::stream,
               "data: {\"type\":\"error\",\"message\":\"x\"}\n\n" + done, uncacheable_reason::error_event},
        judged{"items_before_an_empty_output", wire_form::stream,
               event("response.output_item.done", R"("output_index":0,"item":{"type":"function_call"})") +
                   last("response.completed", plain("[]")),
               uncacheable_reason::none},
        judged{"items_before_no_output", wire_form::stream,
               event("response.output_item.done", R"("output_index":0,"item":{"type":"function_call"})") +
                   last("response.completed", plain("null")),
               uncacheable_reason::none},
        judged{"no_items_and_an_empty_output", wire_form::stream, last("response.completed", plain("[]")),
               uncacheable_reason::empty_answer},
        judged{"no_items_and_no_output", wire_form::stream, last("response.completed", plain("null")),
               uncacheable_reason::malformed_answer},
        judged{"failed", wire_form::stream, last("response.failed", plain("[]", "failed")),
               uncacheable_reason::error_event},
        judged{"final_event_without_a_response", wire_form::stream, event("response.completed", R"("a":1)"),
               uncacheable_reason::malformed_answer}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(response_stream, tells_a_text_as_an_sdk_gathers_it) {
  const auto stream = testing::split(openai_responses, plain(hello));
  ASSERT_TRUE(stream);
  std::vector<json::value> events;
  base::sse_parser parser{base::byte_count{stream->size()}};
  parser.feed(*stream);
  while (const auto one = parser.next()) {
    events.push_back(json::parse(one->data));
    EXPECT_EQ(events.back().at("type").as_string(), one->type);
    EXPECT_EQ(events.back().at("sequence_number").as_int64(), static_cast<std::int64_t>(events.size()) - 1);
  }
  std::vector<std::string> types;
  for (const auto& one : events) types.emplace_back(one.at("type").as_string());
  EXPECT_EQ(types, (std::vector<std::string>{"response.created", "response.in_progress", "response.output_item.added",
                                             "response.content_part.added", "response.output_text.delta",
                                             "response.output_text.done", "response.content_part.done",
                                             "response.output_item.done", "response.completed"}));
  EXPECT_EQ(events[0].at_pointer("/response/status"), "in_progress");
  EXPECT_TRUE(events[0].at_pointer("/response/output").as_array().empty());
  EXPECT_TRUE(events[2].at_pointer("/item/content").as_array().empty());
  EXPECT_EQ(events[4].at("delta"), "Hello");
  EXPECT_EQ(events[4].at("item_id"), "msg_1");
  EXPECT_EQ(events.back().at("response"), json::parse(plain(hello)));
}

TEST(response_stream, of_what_is_no_response_is_not_made) {
  for (const auto* const body : {"", "[]", "{}", R"({"output":{}})"}) {
    EXPECT_EQ(testing::split(openai_responses, body).error().code, base::errc::not_found) << body;
  }
  for (const auto* const body : {"", "data: {}\n\n", "data: x\n\n", "data: [DONE]\n\n"}) {
    EXPECT_EQ(testing::merge(openai_responses, body).error().code, base::errc::not_found) << body;
  }
}

TEST(response_answer, usage_is_counted_in_both_forms) {
  const auto body =
      plain(hello, "completed",
            R"(,"usage":{"input_tokens":9,"output_tokens":7,"input_tokens_details":{"cached_tokens":4}})");
  const entry::token_usage expected{.input = 9, .cached_input = 4, .output = 7};
  EXPECT_EQ(testing::read_at_once(openai_responses, wire_form::plain, body).usage, expected);
  EXPECT_EQ(testing::read_at_once(openai_responses, wire_form::stream, last("response.completed", body)).usage,
            expected);
}

TEST(response_merge, puts_the_items_into_an_output_that_is_empty) {
  const auto item = [](int index, std::string_view id) {
    return event("response.output_item.done", "\"output_index\":" + std::to_string(index) +
                                                  R"(,"item":{"type":"function_call","id":")" + std::string{id} +
                                                  "\"}");
  };
  const auto made = testing::merge(openai_responses, item(1, "b") + "data:\n\n" + item(0, "a") +
                                                         last("response.completed", plain("[]")) +
                                                         event("response.closed", R"("response":1)"));
  ASSERT_TRUE(made);
  EXPECT_EQ(*made, plain(R"([{"type":"function_call","id":"a"},{"type":"function_call","id":"b"}])"));
  EXPECT_EQ(testing::merge(openai_responses, item(0, "a") + done).value(), plain(hello));
  EXPECT_FALSE(testing::merge(openai_responses, item(0, "a") + item(0, "b") + last("response.completed", plain("[]"))));
}

}  // namespace
}  // namespace refrain::provider
