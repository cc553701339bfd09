#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "provider/families/anthropic.h"
#include "provider/families/anthropic_answer.h"
#include "support/provider/reading.h"

namespace refrain::provider {
namespace {

namespace json = boost::json;

/// A stream of these events, each its JSON, after a message's start and before its end.
std::string stream_of(const std::vector<std::string_view>& events) {
  std::string body = "data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"content\":[],\"usage\":{}}}\n\n";
  for (const auto one : events) body.append("data: ").append(one).append("\n\n");
  return body + "data: {\"type\":\"message_stop\"}\n\n";
}

struct merging {
  std::string_view name;
  std::vector<std::string_view> events;
  std::string_view message;
};

class message_merges : public ::testing::TestWithParam<merging> {};
class streams_that_cannot_be_plain : public ::testing::TestWithParam<merging> {};

TEST_P(message_merges, give_this_message) {
  const auto body = merge_anthropic_stream(stream_of(GetParam().events));
  ASSERT_TRUE(body) << body.error().to_string();
  EXPECT_EQ(json::parse(*body), json::parse(GetParam().message)) << *body;
}

TEST_P(streams_that_cannot_be_plain, serve_streams_alone) {
  const auto body = merge_anthropic_stream(stream_of(GetParam().events));
  ASSERT_FALSE(body) << *body;
  EXPECT_EQ(body.error().code, base::errc::not_found);
}

constexpr std::string_view text =
    R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})";
constexpr std::string_view tool =
    R"({"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"n","input":{}}})";

INSTANTIATE_TEST_SUITE_P(
    each, message_merges,
    ::testing::Values(
        merging{"texts_join",
                {text, R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}})",
                 R"({"type":"ping"})",
                 R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"b"}})",
                 R"({"type":"content_block_stop","index":0})"},
                R"({"id":"m","content":[{"type":"text","text":"ab"}],"usage":{}})"},
        merging{
            "inputs_are_read_once_they_are_whole",
            {tool, R"({"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}})",
             R"({"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\":\"\\u00"}})",
             R"({"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"e9\"}"}})"},
            R"({"id":"m","content":[{"type":"tool_use","id":"t","name":"n","input":{"a":"é"}}],"usage":{}})"},
        merging{
            "a_tool_without_input_has_an_empty_one",
            {tool, R"({"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}})"},
            R"({"id":"m","content":[{"type":"tool_use","id":"t","name":"n","input":{}}],"usage":{}})"},
        merging{
            "blocks_may_take_turns",
            {text, R"({"type":"content_block_start","index":1,"content_block":{"type":"thinking","thinking":""}})",
             R"({"type":"content_block_delta","index":1,"delta":{"type":"thinking_delta","thinking":"hm"}})",
             R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}})",
             R"({"type":"content_block_delta","index":1,"delta":{"type":"signature_delta","signature":"s"}})"},
            R"({"id":"m","content":[{"type":"text","text":"a"},{"type":"thinking","thinking":"hm","signature":"s"}],"usage":{}})"},
        merging{
            "citations_follow_each_other",
            {text, R"({"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":{"n":1}}})",
             R"({"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":{"n":2}}})"},
            R"({"id":"m","content":[{"type":"text","text":"","citations":[{"n":1},{"n":2}]}],"usage":{}})"},
        merging{
            "a_compacted_context_comes_in_one_piece",
            {R"({"type":"content_block_start","index":0,"content_block":{"type":"compaction","content":null}})",
             R"({"type":"content_block_delta","index":0,"delta":{"type":"compaction_delta","content":"c","encrypted_content":"e"}})"},
            R"({"id":"m","content":[{"type":"compaction","content":"c","encrypted_content":"e"}],"usage":{}})"},
        merging{"blocks_that_nobody_knows_stand_as_they_came",
                {R"({"type":"content_block_start","index":0,"content_block":{"type":"new","x":[1]}})"},
                R"({"id":"m","content":[{"type":"new","x":[1]}],"usage":{}})"},
        merging{
            "a_fallback_names_the_model_that_answers",
            {R"({"type":"content_block_start","index":0,"content_block":{"type":"fallback","to":{"model":"other"}}})"},
            R"({"id":"m","model":"other","content":[{"type":"fallback","to":{"model":"other"}}],"usage":{}})"},
        merging{
            "the_end_adds_what_it_says_and_null_adds_nothing",
            {R"({"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":1,"input_tokens":4}})",
             R"({"type":"message_delta","delta":{"stop_reason":null},"usage":{"output_tokens":2,"input_tokens":null},"context_management":{"applied_edits":[]}})"},
            R"({"id":"m","content":[],"stop_reason":"end_turn","stop_sequence":null,
                "usage":{"output_tokens":2,"input_tokens":4},"context_management":{"applied_edits":[]}})"},
        merging{"what_events_have_besides_says_nothing_of_the_message",
                {R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":"a"},"p":"xx"})",
                 R"({"type":"content_block_stop","index":0,"p":"x"})"},
                R"({"id":"m","content":[{"type":"text","text":"a"}],"usage":{}})"}),
    [](const auto& one) { return std::string(one.param.name); });

INSTANTIATE_TEST_SUITE_P(
    each, streams_that_cannot_be_plain,
    ::testing::Values(
        merging{"unknown_event", {R"({"type":"content_block_amended","index":0})"}, ""},
        merging{
            "unknown_delta", {text, R"({"type":"content_block_delta","index":0,"delta":{"type":"new_delta"}})"}, ""},
        merging{"delta_without_its_block",
                {R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}})"},
                ""},
        merging{"delta_of_a_later_block",
                {text, R"({"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"a"}})"},
                ""},
        merging{"block_out_of_order",
                {R"({"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}})"},
                ""},
        merging{"index_is_no_number",
                {R"({"type":"content_block_start","index":"0","content_block":{"type":"text","text":""}})"},
                ""},
        merging{"block_twice", {text, text}, ""},
        merging{"text_is_no_string",
                {text, R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":1}})"},
                ""},
        merging{
            "input_was_cut",
            {tool,
             R"({"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a"}})"},
            ""},
        merging{
            "input_is_no_object",
            {tool,
             R"({"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"[1]"}})"},
            ""},
        merging{"second_start", {R"({"type":"message_start","message":{"content":[]}})"}, ""},
        merging{"no_json", {"{"}, ""}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(message_merge, numbers_and_escapes_stay_to_the_letter) {
  const auto body = merge_anthropic_stream(stream_of(
      {R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":"\u00e9\/"}})",
       R"({"type":"content_block_start","index":1,"content_block":{"type":"tool_use","input":{}}})",
       R"({"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{ \"n\" : 1.50e3, \"s\":\"\\u00e9\" }"}})"}));
  ASSERT_TRUE(body);
  EXPECT_EQ(*body, R"({"id":"m","content":[{"type":"text","text":"\u00e9\/"},)"
                   R"({"type":"tool_use","input":{"n":1.50e3,"s":"\u00e9"}}],"usage":{}})");
}

TEST(message_merge, a_stream_without_message_cannot_be_plain) {
  EXPECT_EQ(merge_anthropic_stream("").error().code, base::errc::not_found);
  EXPECT_EQ(merge_anthropic_stream("data: {\"type\":\"ping\"}\n\n").error().code, base::errc::not_found);
}

TEST(message_split, a_plain_answer_becomes_these_events) {
  const auto body = split_anthropic_message(
      R"({"id":"msg_1","type":"message","model":"m","extra":{"a":1},"content":[)"
      R"({"type":"thinking","thinking":"hm","signature":"s"},)"
      R"({"type":"text","text":"é","citations":[{"n":1}]},)"
      R"({"type":"tool_use","id":"t","name":"n","input":{"a":"\"\\"}},{"type":"tool_use","id":"u","input":{}},)"
      R"({"type":"redacted_thinking","data":"x"}],"stop_reason":"tool_use","stop_sequence":null,)"
      R"("usage":{"input_tokens":5,"output_tokens":9,"service_tier":"standard","server_tool_use":{"n":1}}})");
  ASSERT_TRUE(body);
  const auto event = [](std::string_view type, std::string_view more) {
    return "event: " + std::string{type} + "\ndata: {\"type\":\"" + std::string{type} + "\"" + std::string{more} +
           "}\n\n";
  };
  const auto stop = [&](int index) { return event("content_block_stop", ",\"index\":" + std::to_string(index)); };
  EXPECT_EQ(
      *body,
      event("message_start",
            R"(,"message":{"id":"msg_1","type":"message","model":"m","extra":{"a":1},"content":[],"stop_reason":null,)"
            R"("stop_sequence":null,"usage":{"input_tokens":5,"output_tokens":0,"service_tier":"standard"}})") +
          event("content_block_start",
                R"(,"index":0,"content_block":{"type":"thinking","thinking":"","signature":""})") +
          event("content_block_delta", R"(,"index":0,"delta":{"type":"thinking_delta","thinking":"hm"})") +
          event("content_block_delta", R"(,"index":0,"delta":{"type":"signature_delta","signature":"s"})") + stop(0) +
          event("content_block_start", R"(,"index":1,"content_block":{"type":"text","text":"","citations":[]})") +
          event("content_block_delta", R"(,"index":1,"delta":{"type":"text_delta","text":"é"})") +
          event("content_block_delta", R"(,"index":1,"delta":{"type":"citations_delta","citation":{"n":1}})") +
          stop(1) +
          event("content_block_start",
                R"(,"index":2,"content_block":{"type":"tool_use","id":"t","name":"n","input":{}})") +
          event("content_block_delta", R"(,"index":2,"delta":{"type":"input_json_delta","partial_json":""})") +
          event("content_block_delta",
                R"(,"index":2,"delta":{"type":"input_json_delta","partial_json":"{\"a\":\"\\\"\\\\\"}"})") +
          stop(2) +
          event("content_block_start", R"(,"index":3,"content_block":{"type":"tool_use","id":"u","input":{}})") +
          event("content_block_delta", R"(,"index":3,"delta":{"type":"input_json_delta","partial_json":""})") +
          stop(3) +
          event("content_block_start", R"(,"index":4,"content_block":{"type":"redacted_thinking","data":"x"})") +
          stop(4) +
          event("message_delta", R"(,"delta":{"stop_reason":"tool_use","stop_sequence":null},)"
                                 R"("usage":{"input_tokens":5,"output_tokens":9,"server_tool_use":{"n":1}})") +
          event("message_stop", ""));
}

TEST(message_split, how_the_context_was_managed_is_told_at_the_end) {
  const std::string plain =
      R"({"id":"m","content":[{"type":"text","text":"a"}],"stop_reason":"end_turn","usage":{"output_tokens":1},)"
      R"("context_management":{"applied_edits":[{"type":"clear_tool_uses_20250919"}]}})";
  const auto body = split_anthropic_message(plain);
  ASSERT_TRUE(body);
  EXPECT_TRUE(body->contains(
      R"({"type":"message_start","message":{"id":"m","content":[],"stop_reason":null,"usage":{"output_tokens":0}}})"))
      << *body;
  EXPECT_TRUE(body->contains(
      R"("usage":{"output_tokens":1},"context_management":{"applied_edits":[{"type":"clear_tool_uses_20250919"}]}})"));
  EXPECT_EQ(json::parse(*merge_anthropic_stream(*body)), json::parse(plain));
}

TEST(message_split, texts_come_a_few_words_each) {
  const auto body = split_anthropic_message(
      R"({"content":[{"type":"text","text":"The capital of Norway is Oslo."}],"stop_reason":"end_turn","usage":{}})");
  ASSERT_TRUE(body);
  EXPECT_TRUE(body->contains(R"("delta":{"type":"text_delta","text":"The capital of Norway"})"));
  EXPECT_TRUE(body->contains(R"("delta":{"type":"text_delta","text":" is Oslo."})"));
}

TEST(message_split, what_has_not_the_shape_of_a_message_cannot_be_a_stream) {
  for (const auto* const plain :
       {"", "[]", "{}", R"({"content":[],"stop_reason":"end_turn"})", R"({"content":[],"usage":{}})",
        R"({"content":{},"stop_reason":"end_turn","usage":{}})", R"({"content":[1],"stop_reason":"x","usage":{}})",
        R"({"content":[],"stop_reason":null,"usage":{}})"}) {
    EXPECT_EQ(split_anthropic_message(plain).error().code, base::errc::not_found) << plain;
  }
}

TEST(message_forms, what_would_not_be_stored_is_not_served) {
  const auto stream =
      stream_of({R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":"a"}})",
                 R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"content":"spoilt"})"});
  ASSERT_EQ(testing::read_at_once(anthropic_messages, wire_form::stream, stream).why_not, uncacheable_reason::none);
  const auto plain =
      anthropic_messages.render({.form = wire_form::stream, .body = stream, .marks = {}}, wire_form::plain, true);
  ASSERT_FALSE(plain);
  EXPECT_EQ(plain.error().code, base::errc::not_found);
}

TEST(message_forms, every_recording_may_serve_every_form) {
  for (const auto from : {wire_form::plain, wire_form::stream}) {
    for (const auto wanted : {wire_form::plain, wire_form::stream}) {
      EXPECT_TRUE(anthropic_messages.can_serve(from, true, wanted, wanted == wire_form::stream));
    }
    EXPECT_FALSE(anthropic_messages.render({.form = from, .body = "{}", .marks = {}}, from, true));
  }
}

}  // namespace
}  // namespace refrain::provider
