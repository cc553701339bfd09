#include <gtest/gtest.h>

#include <string>

#include "provider/families/anthropic.h"
#include "support/provider/reading.h"

namespace refrain::provider {
namespace {

using entry::mark;

/// An event of this type with these members more: `,"index":0`.
std::string event(std::string_view type, std::string_view more = "") {
  const std::string name{type};
  return "event: " + name + "\ndata: {\"type\":\"" + name + "\"" + std::string{more} + "}\n\n";
}

std::string start(std::string_view more = "") {
  return event("message_start", R"(,"message":{"id":"msg_1","role":"assistant","content":[],"stop_reason":null)" +
                                    std::string{more} + "}");
}

std::string block(std::string_view block) {
  return event("content_block_start", R"(,"index":0,"content_block":)" + std::string{block});
}
std::string delta(std::string_view delta) {
  return event("content_block_delta", R"(,"index":0,"delta":)" + std::string{delta});
}
std::string end(std::string_view delta, std::string_view usage = R"({"output_tokens":2})") {
  return event("message_delta", R"(,"delta":)" + std::string{delta} + R"(,"usage":)" + std::string{usage});
}

const std::string ping = event("ping");
const std::string empty_text = block(R"({"type":"text","text":""})");
const std::string hello = delta(R"({"type":"text_delta","text":"Hello"})");
const std::string closed = event("content_block_stop", R"(,"index":0)");
const std::string end_turn = end(R"({"stop_reason":"end_turn","stop_sequence":null})");
const std::string stop = event("message_stop");
const std::string failure = event("error", R"(,"error":{"type":"overloaded_error","message":"Overloaded"})");

verdict judge_stream(std::string_view body) {
  return testing::read_at_once(anthropic_messages, wire_form::stream, body);
}
verdict judge_plain(std::string_view body) { return testing::read_at_once(anthropic_messages, wire_form::plain, body); }

struct judged {
  std::string_view name;
  std::string body;
  uncacheable_reason why;
};

class message_streams : public ::testing::TestWithParam<judged> {};
class plain_messages : public ::testing::TestWithParam<judged> {};

TEST_P(message_streams, are_judged) { EXPECT_EQ(judge_stream(GetParam().body).why_not, GetParam().why); }
TEST_P(plain_messages, are_judged) { EXPECT_EQ(judge_plain(GetParam().body).why_not, GetParam().why); }

INSTANTIATE_TEST_SUITE_P(
    each, message_streams,
    ::testing::Values(
        judged{"good", start() + empty_text + hello + closed + end_turn + stop, uncacheable_reason::none},
        judged{"pings_anywhere", ping + start() + ping + empty_text + ping + hello + closed + end_turn + ping + stop,
               uncacheable_reason::none},
        judged{"events_that_nobody_knows", start() + event("surprise") + empty_text + hello + closed + end_turn + stop,
               uncacheable_reason::none},
        judged{"cut_at_its_length", start() + empty_text + hello + end(R"({"stop_reason":"max_tokens"})") + stop,
               uncacheable_reason::none},
        judged{"refusal", start() + empty_text + hello + end(R"({"stop_reason":"refusal"})") + stop,
               uncacheable_reason::content_filter},
        judged{"unknown_stop_reason", start() + empty_text + hello + end(R"({"stop_reason":"error"})") + stop,
               uncacheable_reason::unfinished_choice},
        judged{"heartbeats_anywhere",
               "data:\n\n" + start() + empty_text + "data: \n\n" + hello + closed + end_turn + stop + "data:\n\n",
               uncacheable_reason::none},
        judged{"refusal_with_a_credit",
               start() + empty_text + hello +
                   end(R"({"stop_reason":"refusal","stop_details":{"fallback_credit_token":"t"}})") + stop,
               uncacheable_reason::server_state},
        judged{"only_a_tool_call", start() + block(R"({"type":"tool_use","id":"t","input":{}})") + end_turn + stop,
               uncacheable_reason::none},
        judged{"only_a_signature",
               start() + block(R"({"type":"thinking","thinking":"","signature":""})") +
                   delta(R"({"type":"signature_delta","signature":"s"})") + end_turn + stop,
               uncacheable_reason::none},
        judged{"done_after_the_end", start() + empty_text + hello + end_turn + stop + "data: [DONE]\n\n",
               uncacheable_reason::none},
        judged{"nothing_came", "", uncacheable_reason::empty_answer},
        judged{"no_terminator", start() + empty_text + hello + closed + end_turn, uncacheable_reason::truncated},
        judged{"done_is_no_terminator", start() + empty_text + hello + end_turn + "data: [DONE]\n\n",
               uncacheable_reason::truncated},
        judged{"terminator_without_its_blank_line",
               start() + empty_text + hello + end_turn + stop.substr(0, stop.size() - 1),
               uncacheable_reason::truncated},
        judged{"no_stop_reason", start() + empty_text + hello + closed + stop, uncacheable_reason::unfinished_choice},
        judged{"stop_reason_null", start() + empty_text + hello + end(R"({"stop_reason":null})") + stop,
               uncacheable_reason::unfinished_choice},
        judged{"says_nothing", start() + empty_text + closed + end_turn + stop, uncacheable_reason::empty_answer},
        judged{"error", start() + empty_text + hello + failure, uncacheable_reason::error_event},
        judged{"error_and_end", start() + empty_text + hello + failure + end_turn + stop,
               uncacheable_reason::error_event},
        judged{"error_without_its_name", start() + "data: {\"type\":\"error\"}\n\n" + end_turn + stop,
               uncacheable_reason::error_event},
        judged{"container",
               start() + empty_text + hello + end(R"({"stop_reason":"end_turn","container":{"id":"c"}})") + stop,
               uncacheable_reason::server_state},
        judged{"container_from_the_start", start(R"(,"container":{"id":"c"})") + empty_text + hello + end_turn + stop,
               uncacheable_reason::server_state},
        judged{"error_in_the_message", start(R"(,"error":"no")") + empty_text + hello + end_turn + stop,
               uncacheable_reason::error_event},
        judged{"two_starts", start() + start() + empty_text + hello + end_turn + stop,
               uncacheable_reason::malformed_answer},
        judged{"no_start", empty_text + hello + end_turn + stop, uncacheable_reason::malformed_answer},
        judged{"start_without_message", event("message_start") + hello + end_turn + stop,
               uncacheable_reason::malformed_answer},
        judged{"event_without_type", start() + "data: {}\n\n" + hello + end_turn + stop,
               uncacheable_reason::malformed_answer},
        judged{"delta_is_no_object", start() + empty_text + delta("1") + hello + end_turn + stop,
               uncacheable_reason::malformed_answer},
        judged{"no_json", start() + "data: {\n\n" + hello + end_turn + stop, uncacheable_reason::malformed_answer},
        judged{"ping_after_the_end", start() + empty_text + hello + end_turn + stop + ping, uncacheable_reason::none},
        judged{"second_end", start() + empty_text + hello + end_turn + stop + stop,
               uncacheable_reason::malformed_answer},
        judged{"error_after_the_end", start() + empty_text + hello + end_turn + stop + failure,
               uncacheable_reason::error_event},
        judged{"word_after_the_end", start() + empty_text + hello + end_turn + stop + "data: bye\n\n",
               uncacheable_reason::malformed_answer}),
    [](const auto& one) { return std::string(one.param.name); });

constexpr std::string_view text_block = R"({"type":"text","text":"Hello"})";

std::string message(std::string_view content, std::string_view more = R"(,"stop_reason":"end_turn")") {
  return R"({"id":"msg_1","content":[)" + std::string{content} + "]" + std::string{more} + "}";
}

INSTANTIATE_TEST_SUITE_P(
    each, plain_messages,
    ::testing::Values(
        judged{"good", message(text_block), uncacheable_reason::none},
        judged{"refusal", message(text_block, R"(,"stop_reason":"refusal","stop_details":{"category":"cyber"})"),
               uncacheable_reason::content_filter},
        judged{"unknown_stop_reason", message(text_block, R"(,"stop_reason":"abort")"),
               uncacheable_reason::unfinished_choice},
        judged{"context_window_is_full", message(text_block, R"(,"stop_reason":"model_context_window_exceeded")"),
               uncacheable_reason::none},
        judged{"stop_reason_is_no_word", message(text_block, R"(,"stop_reason":1)"),
               uncacheable_reason::malformed_answer},
        judged{"paused", message(text_block, R"(,"stop_reason":"pause_turn")"), uncacheable_reason::none},
        judged{"no_container", message(text_block, R"(,"stop_reason":"end_turn","container":null)"),
               uncacheable_reason::none},
        judged{"nothing_came", "", uncacheable_reason::empty_answer},
        judged{"no_content", message(""), uncacheable_reason::empty_answer},
        judged{"empty_text", message(R"({"type":"text","text":"","citations":[]})"), uncacheable_reason::empty_answer},
        judged{"no_stop_reason", message(text_block, ""), uncacheable_reason::unfinished_choice},
        judged{"stop_reason_null", message(text_block, R"(,"stop_reason":null)"),
               uncacheable_reason::unfinished_choice},
        judged{"stop_reason_empty", message(text_block, R"(,"stop_reason":"")"), uncacheable_reason::unfinished_choice},
        judged{"container", message(text_block, R"(,"stop_reason":"end_turn","container":{"id":"c"})"),
               uncacheable_reason::server_state},
        judged{"error", R"({"type":"error","error":{"type":"api_error","message":"no"}})",
               uncacheable_reason::error_event},
        judged{"no_message", "{}", uncacheable_reason::malformed_answer},
        judged{"no_object", "[]", uncacheable_reason::malformed_answer},
        judged{"block_is_no_object", message("1"), uncacheable_reason::malformed_answer},
        judged{"twin_members", message(text_block, R"(,"stop_reason":"a","stop_reason":"b")"),
               uncacheable_reason::malformed_answer},
        judged{"cut", message(text_block).substr(0, 40), uncacheable_reason::malformed_answer}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(message_answer, marks_hold_the_terminator_alone) {
  const auto before = start(R"(,"usage":{"input_tokens":5})") + empty_text + hello + closed + end_turn;
  const auto judged = judge_stream(before + stop);
  ASSERT_EQ(judged.marks.size(), 1U);
  EXPECT_EQ(judged.marks.front(),
            (mark{.what = mark::kind::terminator, .offset = before.size(), .length = stop.size()}));
}

TEST(message_answer, usage_counts_cached_tokens_as_input) {
  const std::string usage =
      R"(,"usage":{"input_tokens":5,"cache_read_input_tokens":300,"cache_creation_input_tokens":40,"output_tokens":9})";
  const entry::token_usage whole{.input = 345, .cached_input = 300, .output = 9};
  EXPECT_EQ(judge_plain(message(text_block, R"(,"stop_reason":"end_turn")" + usage)).usage, whole);
  const auto parts =
      start(R"(,"usage":{"input_tokens":5,"cache_read_input_tokens":300,"cache_creation_input_tokens":40,)"
            R"("output_tokens":1})") +
      empty_text + hello + end(R"({"stop_reason":"end_turn"})", R"({"output_tokens":9})") + stop;
  EXPECT_EQ(judge_stream(parts).usage, whole);
}

TEST(message_answer, later_counts_replace_earlier_ones) {
  const auto stream = start(R"(,"usage":{"input_tokens":5,"output_tokens":1})") + empty_text + hello +
                      end(R"({"stop_reason":"end_turn"})", R"({"input_tokens":7,"output_tokens":3})") +
                      end(R"({"stop_reason":"end_turn"})", R"({"input_tokens":null,"output_tokens":4})") + stop;
  EXPECT_EQ(judge_stream(stream).usage, (entry::token_usage{.input = 7, .cached_input = {}, .output = 4}));
}

TEST(message_answer, usage_that_was_not_told_is_unknown) {
  EXPECT_EQ(judge_plain(message(text_block)).usage, entry::token_usage{});
  EXPECT_EQ(judge_plain(message(text_block, R"(,"stop_reason":"x","usage":{"cache_read_input_tokens":3})")).usage,
            (entry::token_usage{.input = {}, .cached_input = 3, .output = {}}));
}

TEST(count_answer, is_a_number_and_costs_nothing) {
  const auto judge = [](std::string_view body) {
    return testing::read_at_once(anthropic_count_tokens, wire_form::plain, body);
  };
  EXPECT_EQ(judge(R"({"input_tokens":14})").why_not, uncacheable_reason::none);
  EXPECT_EQ(judge(R"({"input_tokens":14})").usage, (entry::token_usage{.input = 0, .cached_input = {}, .output = 0}));
  for (const auto* const body : {"{}", "[]", R"({"input_tokens":null})", R"({"input_tokens":-1})"}) {
    EXPECT_EQ(judge(body).why_not, uncacheable_reason::malformed_answer) << body;
  }
  EXPECT_EQ(judge(R"({"type":"error","error":{"type":"api_error"}})").why_not, uncacheable_reason::error_event);
}

TEST(count_answer, has_one_form) {
  using enum wire_form;
  const auto& wire = anthropic_count_tokens;
  EXPECT_TRUE(wire.can_serve(plain, true, plain, false));
  EXPECT_FALSE(wire.can_serve(plain, true, stream, true));
  EXPECT_FALSE(wire.render({.form = plain, .body = R"({"input_tokens":14})", .marks = {}}, stream, true));
}

}  // namespace
}  // namespace refrain::provider
