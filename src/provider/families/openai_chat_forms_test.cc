#include <gtest/gtest.h>

#include <string>

#include "provider/families/openai.h"
#include "support/provider/reading.h"

namespace refrain::provider {
namespace {

namespace json = boost::json;

/// A stream of these deltas, its choice finished at the end.
std::string stream_of(const std::vector<std::string_view>& deltas) {
  std::string body;
  for (const auto delta : deltas) {
    body.append(R"(data: {"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"delta":)");
    body.append(delta).append(",\"finish_reason\":null}]}\n\n");
  }
  return body + "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
}

/// The message that these deltas become; null where they cannot.
json::value merged(const std::vector<std::string_view>& deltas) {
  const auto body = testing::merge(openai_chat, stream_of(deltas));
  return body ? json::parse(*body).at("choices").at(0).at("message") : json::value{};
}

struct merging {
  std::string_view name;
  std::vector<std::string_view> deltas;
  std::string_view message;
};

class chat_merges : public ::testing::TestWithParam<merging> {};

TEST_P(chat_merges, give_this_message) { EXPECT_EQ(merged(GetParam().deltas), json::parse(GetParam().message)); }

INSTANTIATE_TEST_SUITE_P(
    each, chat_merges,
    ::testing::Values(
        merging{"strings_join",
                {R"({"role":"assistant","content":"a"})", R"({"content":"b"})"},
                R"({"role":"assistant","content":"ab"})"},
        merging{"role_is_told_once",
                {R"({"role":"assistant","content":"a"})", R"({"role":"assistant","content":"b"})"},
                R"({"role":"assistant","content":"ab"})"},
        merging{"what_streams_leave_out_is_there",
                {R"({"tool_calls":[]})"},
                R"({"tool_calls":[],"role":"assistant","content":null})"},
        merging{"null_adds_nothing",
                {R"({"role":"assistant","content":null})", R"({"content":"a"})", R"({"content":null})"},
                R"({"role":"assistant","content":"a"})"},
        merging{
            "calls_merge_by_index",
            {R"({"role":"assistant","content":null,"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":""}}]})",
             R"({"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{"}}]})",
             R"({"tool_calls":[{"index":1,"id":"","function":{"arguments":"[1]"}},{"index":0,"function":{"name":"f","arguments":"}"}}]})"},
            R"({"role":"assistant","content":null,"tool_calls":[
                  {"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},
                  {"id":"b","type":"function","function":{"name":"g","arguments":"[1]"}}]})"},
        merging{
            "calls_of_one_delta_merge_too",
            {R"({"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"a","function":{"arguments":"1"}},{"index":0,"function":{"arguments":"2"}}]})"},
            R"({"role":"assistant","content":null,"tool_calls":[{"id":"a","function":{"arguments":"12"}}]})"},
        merging{
            "elements_without_index_follow",
            {R"({"role":"assistant","content":"x","annotations":[{"type":"url_citation","n":1}]})",
             R"({"annotations":[{"type":"url_citation","n":2}]})"},
            R"({"role":"assistant","content":"x","annotations":[{"type":"url_citation","n":1},{"type":"url_citation","n":2}]})"},
        merging{"other_arrays_keep_their_index",
                {R"({"role":"assistant","content":"","reasoning_details":[{"index":0,"text":"a"}]})",
                 R"({"reasoning_details":[{"index":0,"text":"b"}]})"},
                R"({"role":"assistant","content":"","reasoning_details":[{"index":0,"text":"ab"}]})"},
        merging{
            "whole_calls_of_one_index_are_told_apart_by_their_ids",
            {R"({"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]})",
             R"({"tool_calls":[{"index":0,"id":"b","type":"function","function":{"name":"f","arguments":"{\"x\":2}"}}]})"},
            R"({"role":"assistant","content":null,"tool_calls":[
                      {"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},
                      {"id":"b","type":"function","function":{"name":"f","arguments":"{\"x\":2}"}}]})"},
        merging{
            "whole_calls_of_one_index_are_told_apart_by_their_names",
            {R"({"role":"assistant","content":null,"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{}"}},{"index":0,"function":{"name":"g","arguments":"{}"}}]})"},
            R"({"role":"assistant","content":null,"tool_calls":[{"function":{"name":"f","arguments":"{}"}},{"function":{"name":"g","arguments":"{}"}}]})"},
        merging{
            "whole_calls_without_an_index",
            {R"({"role":"assistant","content":null,"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]})",
             R"({"tool_calls":[{"id":"b","function":{"name":"f","arguments":"{}"}}]})"},
            R"({"role":"assistant","content":null,"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}},{"id":"b","function":{"name":"f","arguments":"{}"}}]})"},
        merging{
            "pieces_of_calls_of_one_index_go_to_the_call_of_their_id",
            {R"({"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"["}},{"index":0,"id":"b","function":{"name":"g","arguments":"["}}]})",
             R"({"tool_calls":[{"index":0,"function":{"arguments":"2]"}},{"index":0,"id":"a","function":{"arguments":"1]"}}]})"},
            R"({"role":"assistant","content":null,"tool_calls":[{"id":"a","function":{"name":"f","arguments":"[1]"}},{"id":"b","function":{"name":"g","arguments":"[2]"}}]})"},
        merging{"whole_calls_that_nothing_tells_apart",
                {R"({"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{}"}}]})",
                 R"({"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{}"}}]})"},
                "null"},
        merging{"a_name_in_pieces",
                {R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"get_"}}]})",
                 R"({"tool_calls":[{"index":0,"function":{"name":"time","arguments":"{}"}}]})"},
                "null"},
        merging{"arguments_that_were_cut",
                {R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":"}}]})"},
                "null"},
        merging{"a_legacy_call",
                {R"({"role":"assistant","content":null,"function_call":{"name":"f","arguments":""}})",
                 R"({"function_call":{"arguments":"{"}})", R"({"function_call":{"name":"f","arguments":"}"}})"},
                R"({"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}})"},
        merging{
            "input_of_a_custom_tool_is_text",
            {R"({"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"a","type":"custom","custom":{"name":"f","input":"SEL"}}]})",
             R"({"tool_calls":[{"index":0,"custom":{"input":"ECT"}}]})"},
            R"({"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"custom","custom":{"name":"f","input":"SELECT"}}]})"},
        merging{
            "details_of_reasoning",
            {R"({"role":"assistant","content":"","reasoning_details":[{"type":"reasoning.text","text":"a","format":"anthropic-claude-v1","index":0}]})",
             R"({"reasoning_details":[{"type":"reasoning.text","text":"b","format":"anthropic-claude-v1","index":0}]})",
             R"({"reasoning_details":[{"type":"reasoning.text","signature":"s","format":"anthropic-claude-v1","index":0}]})",
             R"({"reasoning_details":[{"type":"reasoning.encrypted","data":"e","format":"anthropic-claude-v1","index":0}]})"},
            R"({"role":"assistant","content":"","reasoning_details":[
                     {"type":"reasoning.text","text":"ab","format":"anthropic-claude-v1","index":0,"signature":"s"},
                     {"type":"reasoning.encrypted","data":"e","format":"anthropic-claude-v1","index":0}]})"},
        merging{"details_of_reasoning_that_differ",
                {R"({"reasoning_details":[{"type":"reasoning.text","text":"a","format":"x","index":0}]})",
                 R"({"reasoning_details":[{"type":"reasoning.text","text":"b","format":"y","index":0}]})"},
                "null"},
        merging{"details_of_reasoning_without_an_index",
                {R"({"reasoning_details":[{"type":"reasoning.text","text":"a"}]})",
                 R"({"reasoning_details":[{"type":"reasoning.text","text":"b"}]})"},
                "null"},
        merging{
            "blocks_of_thinking",
            {R"({"role":"assistant","content":"","thinking_blocks":[{"type":"thinking","thinking":"a","signature":""}]})",
             R"({"thinking_blocks":[{"type":"thinking","thinking":"b","signature":""}]})",
             R"({"thinking_blocks":[{"type":"thinking","thinking":"","signature":"s"}]})",
             R"({"thinking_blocks":[{"type":"redacted_thinking","data":"x"}]})",
             R"({"thinking_blocks":[{"type":"thinking","thinking":"c","signature":null}]})"},
            R"({"role":"assistant","content":"","thinking_blocks":[
                     {"type":"thinking","thinking":"ab","signature":"s"},
                     {"type":"redacted_thinking","data":"x"},
                     {"type":"thinking","thinking":"c","signature":null}]})"},
        merging{"what_is_not_known_and_repeats",
                {R"({"role":"assistant","content":"","n":[1.5],"b":true})", R"({"n":[1.5],"b":null})"},
                R"({"role":"assistant","content":"","n":[1.5],"b":true})"},
        merging{"what_is_not_known_and_changes", {R"({"content":"","n":1.5})", R"({"n":2e3})"}, "null"},
        merging{"text_that_is_not_known", {R"({"content":"","channel":"analysis"})", R"({"channel":"final"})"}, "null"},
        merging{"content_in_parts", {R"({"content":[{"type":"text","text":"a"}]})"}, "null"},
        merging{"surrogates_stay_pairs",
                {R"({"role":"assistant","content":"\ud83d\ude00"})", R"({"content":"\u00e9"})"},
                R"({"role":"assistant","content":"😀é"})"},
        merging{"string_and_object_do_not_go_together", {R"({"content":"a"})", R"({"content":{"b":1}})"}, "null"},
        merging{"array_and_string_do_not_go_together", {R"({"x":[1]})", R"({"x":"a"})"}, "null"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(chat_merge, numbers_and_escapes_stay_to_the_letter) {
  const auto body = testing::merge(
      openai_chat,
      "data: "
      "{\"id\":\"x\",\"created\":18446744073709551615,\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\\u00e9\\/\"},"
      "\"logprobs\":{\"content\":[{\"logprob\":-0.00012340396000}]},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
  ASSERT_TRUE(body);
  EXPECT_EQ(*body,
            R"({"id":"x","created":18446744073709551615,"choices":[{"index":0,"message":{"content":"\u00e9\/",)"
            R"("role":"assistant"},"logprobs":{"content":[{"logprob":-0.00012340396000}]},"finish_reason":"stop"}],)"
            R"("object":"chat.completion"})");
}

TEST(chat_merge, a_null_in_words_is_no_finish) {
  const auto body =
      testing::merge(openai_chat,
                     "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"null\"}]}\n\n"
                     "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
                     "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"null\"}]}\n\n");
  ASSERT_TRUE(body);
  EXPECT_TRUE(body->contains(R"("finish_reason":"stop")")) << *body;
}

TEST(chat_merge, a_message_beside_the_delta_is_said_already) {
  const auto chunk = [](std::string_view message, std::string_view delta, std::string_view finish) {
    return R"(data: {"choices":[{"index":0,"message":{"role":"assistant","content":")" + std::string{message} +
           R"("},"delta":)" + std::string{delta} + R"(,"finish_reason":)" + std::string{finish} + "}]}\n\n";
  };
  const auto body =
      testing::merge(openai_chat, chunk("a", R"({"role":"assistant","content":"a"})", "null") +
                                      chunk("ab", R"({"content":"b"})", R"("stop")") + "data: [DONE]\n\n");
  ASSERT_TRUE(body);
  EXPECT_EQ(json::parse(*body).at("choices").at(0).at("message"),
            json::parse(R"({"role":"assistant","content":"ab"})"));
  EXPECT_FALSE(testing::merge(openai_chat, R"(data: {"choices":[{"message":{"content":"a"}}]})"
                                           "\n\ndata: [DONE]\n\n"));
}

TEST(chat_merge, what_a_chunk_is_not_known_to_say_anew_must_say_the_same) {
  const auto merged = [](std::string_view first, std::string_view second) {
    const auto chunk = [](std::string_view more) {
      return R"(data: {"choices":[{"index":0,"delta":{"content":"a"}}],)" + std::string{more} + "}\n\n";
    };
    return testing::merge(openai_chat, chunk(first) + "data:\n\n" + chunk(second) + "data: [DONE]\n\n");
  };
  EXPECT_TRUE(merged(R"("never":{"a":1})", R"("never":{"a":1})"));
  EXPECT_FALSE(merged(R"("never":{"a":1})", R"("never":{"a":2})"));
  EXPECT_TRUE(merged(R"("citations":["a"])", R"("citations":["a","b"])")->contains(R"("citations":["a","b"])"));
  EXPECT_TRUE(
      merged(R"("x_groq":{"id":"r"})", R"("x_groq":{"id":"r","usage":{}})")->contains(R"("x_groq":{"id":"r"})"));
}

TEST(chat_merge, a_stream_without_choices_cannot_be_plain) {
  EXPECT_EQ(testing::merge(openai_chat, "data: [DONE]\n\n").error().code, base::errc::not_found);
  EXPECT_EQ(testing::merge(openai_chat, "data: {}\n\ndata: [DONE]\n\n").error().code, base::errc::not_found);
  EXPECT_EQ(testing::merge(openai_chat, "data: {\n\ndata: [DONE]\n\n").error().code, base::errc::not_found);
}

TEST(chat_split, a_plain_answer_becomes_these_events) {
  const auto body =
      testing::split(openai_chat,
                     R"({"id":"c1","object":"chat.completion","created":7,"model":"m","extra":{"a":1},"choices":[
          {"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function"},{"id":"t2"}]},
           "logprobs":null,"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":1},"system_fingerprint":"fp"})",
                     true);
  ASSERT_TRUE(body);
  const std::string common =
      R"(data: {"id":"c1","object":"chat.completion.chunk","created":7,"model":"m","system_fingerprint":"fp","choices":)";
  EXPECT_EQ(
      *body,
      common +
          R"([{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"t1","type":"function"},)"
          R"({"index":1,"id":"t2"}]},"logprobs":null,"finish_reason":null}],"extra":{"a":1},"usage":null})"
          "\n\n" +
          common +
          R"([{"index":0,"delta":{},"logprobs":null,"finish_reason":"tool_calls"}],"usage":null})"
          "\n\n" +
          common +
          R"([],"usage":{"prompt_tokens":1}})"
          "\n\ndata: [DONE]\n\n");
}

TEST(chat_split, texts_come_a_few_words_each) {
  const std::string plain =
      R"({"choices":[{"index":0,"message":{"role":"assistant","content":"The capital of Norway is Oslo.",)"
      R"("reasoning_content":"Easy."},"finish_reason":"stop"}],"object":"chat.completion"})";
  const auto body = testing::split(openai_chat, plain);
  ASSERT_TRUE(body);
  const auto chunk = [](std::string_view delta, std::string_view finish = "null") {
    return R"(data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":)" + std::string{delta} +
           R"(,"finish_reason":)" + std::string{finish} + "}]}\n\n";
  };
  EXPECT_EQ(*body, chunk(R"({"role":"assistant","content":"","reasoning_content":"Easy."})") +
                       chunk(R"({"content":"The capital of Norway"})") + chunk(R"({"content":" is Oslo."})") +
                       chunk("{}", R"("stop")") + "data: [DONE]\n\n");
  EXPECT_EQ(json::parse(testing::merge(openai_chat, *body).value()), json::parse(plain));
}

TEST(chat_split, usage_is_told_only_where_it_is_wanted) {
  const auto body = testing::split(
      openai_chat, R"({"choices":[{"message":{"content":"a"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}})",
      false);
  ASSERT_TRUE(body);
  EXPECT_FALSE(body->contains("usage"));
}

TEST(chat_split, what_has_no_message_cannot_be_a_stream) {
  for (const auto* const plain :
       {"", "[]", "{}", R"({"choices":[]})", R"({"choices":[1]})", R"({"choices":[{}]})",
        R"({"choices":[{"message":"x"}]})", R"({"choices":[{"message":{"tool_calls":[1]}}]})"}) {
    EXPECT_EQ(testing::split(openai_chat, plain, true).error().code, base::errc::not_found) << plain;
  }
}

TEST(chat_forms, a_stream_never_asked_for_usage_serves_only_who_does_not_want_it) {
  using enum wire_form;
  const auto& wire = openai_chat;
  EXPECT_TRUE(wire.can_serve(plain, false, plain, false));
  EXPECT_TRUE(wire.can_serve(plain, false, stream, true));
  EXPECT_TRUE(wire.can_serve(stream, true, plain, false));
  EXPECT_TRUE(wire.can_serve(stream, true, stream, true));
  EXPECT_TRUE(wire.can_serve(stream, false, stream, false));
  EXPECT_FALSE(wire.can_serve(stream, false, stream, true));
  EXPECT_FALSE(wire.can_serve(stream, false, plain, false));
}

}  // namespace
}  // namespace refrain::provider
