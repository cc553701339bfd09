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
        merging{"last_number_wins",
                {R"({"role":"assistant","content":"","n":1.5,"b":true})", R"({"n":2e3,"b":null})"},
                R"({"role":"assistant","content":"","n":2e3,"b":true})"},
        merging{"surrogates_stay_pairs",
                {R"({"role":"assistant","content":"\ud83d\ude00"})", R"({"content":"\u00e9"})"},
                R"({"role":"assistant","content":"😀é"})"},
        merging{"string_and_object_do_not_go_together", {R"({"content":"a"})", R"({"content":{"b":1}})"}, "null"},
        merging{"array_and_string_do_not_go_together", {R"({"x":[]})", R"({"x":"a"})"}, "null"}),
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
