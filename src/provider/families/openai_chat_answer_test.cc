#include "provider/families/openai.h"

#include <gtest/gtest.h>

#include <string>

#include "support/provider/reading.h"

namespace refrain::provider {
namespace {

using entry::mark;

constexpr std::string_view done = "data: [DONE]\n\n";

std::string event(std::string_view data) { return "data: " + std::string{data} + "\n\n"; }

std::string delta(std::string_view delta, std::string_view reason = "null", int index = 0) {
  return event(R"({"choices":[{"index":)" + std::to_string(index) + R"(,"delta":)" + std::string{delta} +
               R"(,"finish_reason":)" + std::string{reason} + "}]}");
}

const std::string hello = delta(R"({"role":"assistant","content":"Hello"})");
const std::string stop = delta("{}", R"("stop")");
const std::string usage_event = event(R"({"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2,)"
                                      R"("prompt_tokens_details":{"cached_tokens":3}}})");

verdict judge_stream(std::string_view body) { return testing::read_at_once(openai_chat, wire_form::stream, body); }
verdict judge_plain(std::string_view body) { return testing::read_at_once(openai_chat, wire_form::plain, body); }

struct judged {
  std::string_view name;
  std::string body;
  uncacheable_reason why;
};

class chat_streams : public ::testing::TestWithParam<judged> {};
class chat_plain_answers : public ::testing::TestWithParam<judged> {};

TEST_P(chat_streams, are_judged) { EXPECT_EQ(judge_stream(GetParam().body).why_not, GetParam().why); }
TEST_P(chat_plain_answers, are_judged) { EXPECT_EQ(judge_plain(GetParam().body).why_not, GetParam().why); }

INSTANTIATE_TEST_SUITE_P(
    each, chat_streams,
    ::testing::Values(
        judged{"good", hello + stop + std::string{done}, uncacheable_reason::none},
        judged{"length_is_an_answer", hello + delta("{}", R"("length")") + std::string{done}, uncacheable_reason::none},
        judged{"model_refuses", delta(R"({"refusal":"No."})") + stop + std::string{done}, uncacheable_reason::none},
        judged{"only_reasoning", delta(R"({"reasoning_content":"Hm"})") + stop + std::string{done},
               uncacheable_reason::none},
        judged{"only_a_tool_call", delta(R"({"tool_calls":[{"index":0}]})") + stop + std::string{done},
               uncacheable_reason::none},
        judged{"comments_anywhere", ": a\n\n" + hello + ": b\n\n" + stop + std::string{done} + ": bye\n\n \n",
               uncacheable_reason::none},
        judged{"nothing_came", "", uncacheable_reason::empty_answer},
        judged{"no_terminator", hello + stop, uncacheable_reason::none},
        judged{"no_terminator_and_usage", hello + stop + usage_event, uncacheable_reason::none},
        judged{"no_terminator_and_no_end", hello, uncacheable_reason::truncated},
        judged{"no_terminator_and_an_event_cut", hello + stop + "data: {", uncacheable_reason::truncated},
        judged{"terminator_cut", hello + stop + "data: [DON", uncacheable_reason::truncated},
        judged{"terminator_without_its_blank_line", hello + stop + "data: [DONE]\n", uncacheable_reason::none},
        judged{"terminator_without_any_line_end", hello + stop + "data:[DONE]", uncacheable_reason::none},
        judged{"terminator_twice", hello + stop + std::string{done} + std::string{done}, uncacheable_reason::none},
        judged{"terminator_twice_without_its_end", hello + stop + std::string{done} + "data: [DONE]",
               uncacheable_reason::none},
        judged{"heartbeats_anywhere",
               "data:\n\n" + hello + "event: ping\ndata: \n\n" + stop + "data:\n\n" + std::string{done} + "data:\n\n",
               uncacheable_reason::none},
        judged{"heartbeats_and_no_terminator", hello + "data:\n\n" + stop + "data:\n\n", uncacheable_reason::none},
        judged{"fields_without_data", "retry: 5\n\n" + hello + stop + std::string{done} + "event: ping\n\n",
               uncacheable_reason::none},
        judged{"null_as_a_word", delta(R"({"content":"a"})", R"("null")") + stop + std::string{done},
               uncacheable_reason::none},
        judged{"null_as_a_word_at_the_end", hello + delta("{}", R"("null")") + std::string{done},
               uncacheable_reason::unfinished_choice},
        judged{"finish_reason_is_no_word", hello + delta("{}", "true") + std::string{done},
               uncacheable_reason::malformed_answer},
        judged{"no_finish_reason", hello + std::string{done}, uncacheable_reason::unfinished_choice},
        judged{"finish_reason_empty", hello + delta("{}", R"("")") + std::string{done},
               uncacheable_reason::unfinished_choice},
        judged{"one_choice_without_end", hello + delta(R"({"content":"b"})", "null", 1) + stop + std::string{done},
               uncacheable_reason::unfinished_choice},
        judged{"no_choice", std::string{done}, uncacheable_reason::empty_answer},
        judged{"only_usage", usage_event + std::string{done}, uncacheable_reason::empty_answer},
        judged{"nothing_said", delta(R"({"role":"assistant","content":"","tool_calls":[]})") + stop + std::string{done},
               uncacheable_reason::empty_answer},
        judged{"filtered", hello + delta("{}", R"("content_filter")") + std::string{done},
               uncacheable_reason::content_filter},
        judged{"error_chunk", hello + event(R"({"error":{"message":"x"}})") + stop + std::string{done},
               uncacheable_reason::error_event},
        judged{"error_type", hello + "event: error\ndata: x\n\n" + stop + std::string{done},
               uncacheable_reason::error_event},
        judged{"error_in_a_choice",
               hello + event(R"({"choices":[{"index":0,"delta":{},"error":{"code":502},"finish_reason":"error"}]})") +
                   std::string{done},
               uncacheable_reason::error_event},
        judged{"error_null_is_none", hello + event(R"({"choices":[],"error":null})") + stop + std::string{done},
               uncacheable_reason::none},
        judged{"chunk_is_no_json", hello + event("oops") + stop + std::string{done},
               uncacheable_reason::malformed_answer},
        judged{"chunk_is_no_object", hello + event("[]") + stop + std::string{done},
               uncacheable_reason::malformed_answer},
        judged{"choices_are_no_array", event(R"({"choices":{}})") + stop + std::string{done},
               uncacheable_reason::malformed_answer},
        judged{"index_is_negative", delta("{}", "null", -1) + std::string{done}, uncacheable_reason::malformed_answer},
        judged{"event_after_the_end", hello + stop + std::string{done} + hello, uncacheable_reason::none},
        judged{"word_after_the_end", hello + stop + std::string{done} + "data: bye\n\n", uncacheable_reason::none},
        judged{"error_after_the_end", hello + stop + std::string{done} + event(R"({"error":{"message":"x"}})"),
               uncacheable_reason::error_event},
        judged{"error_type_after_the_end", hello + stop + std::string{done} + "event: error\ndata: x\n\n",
               uncacheable_reason::error_event},
        judged{"bytes_after_the_end", hello + stop + std::string{done} + "{\"error\":1}",
               uncacheable_reason::malformed_answer},
        judged{"line_after_the_end", hello + stop + std::string{done} + "rubbish\n\n",
               uncacheable_reason::malformed_answer},
        judged{"plain_answer_instead", R"({"choices":[]})", uncacheable_reason::truncated}),
    [](const auto& one) { return std::string(one.param.name); });

INSTANTIATE_TEST_SUITE_P(
    each, chat_plain_answers,
    ::testing::Values(judged{"good", R"({"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}]})",
                             uncacheable_reason::none},
                      judged{"nothing_came", "", uncacheable_reason::empty_answer},
                      judged{"cut", R"({"choices":[{"index":0)", uncacheable_reason::malformed_answer},
                      judged{"stream_instead", hello + std::string{done}, uncacheable_reason::malformed_answer},
                      judged{"no_choices", "{}", uncacheable_reason::empty_answer},
                      judged{"no_choice", R"({"choices":[]})", uncacheable_reason::empty_answer},
                      judged{"nothing_said", R"({"choices":[{"message":{"content":null},"finish_reason":"length"}]})",
                             uncacheable_reason::empty_answer},
                      judged{"no_finish_reason", R"({"choices":[{"message":{"content":"a"}}]})",
                             uncacheable_reason::unfinished_choice},
                      judged{"error", R"({"error":{"message":"x"}})", uncacheable_reason::error_event},
                      judged{"twin_members", R"({"choices":[],"choices":[]})", uncacheable_reason::malformed_answer}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(chat_answer, is_kept_only_where_its_finish_is_known_to_be_good) {
  const auto judge = [](std::string_view reason) {
    return judge_stream(hello + delta("{}", '"' + std::string{reason} + '"') + std::string{done});
  };
  for (const auto* const good : {"stop", "length", "tool_calls", "function_call", "eos", "eos_token"}) {
    EXPECT_EQ(judge(good).why_not, uncacheable_reason::none) << good;
  }
  for (const auto* const filtered : {"content_filter", "content_filter: violence", "sensitive"}) {
    EXPECT_EQ(judge(filtered).why_not, uncacheable_reason::content_filter) << filtered;
  }
  for (const auto* const bad : {"abort", "error", "network_error", "insufficient_system_resource", "STOPPED", " "}) {
    const auto judged = judge(bad);
    EXPECT_EQ(judged.why_not, uncacheable_reason::unfinished_choice) << bad;
    EXPECT_EQ(judged.unknown_finishes, std::vector<std::string>{bad});
  }
}

TEST(chat_answer, of_which_more_is_wrong_than_an_unknown_finish_does_not_name_it) {
  const auto odd = delta("{}", R"("odd")");
  EXPECT_TRUE(judge_stream(odd + std::string{done}).unknown_finishes.empty());
  EXPECT_TRUE(
      judge_stream(hello + odd + delta(R"({"content":"b"})", "null", 1) + std::string{done}).unknown_finishes.empty());
  EXPECT_TRUE(
      judge_stream(hello + odd + event(R"({"error":{"message":"x"}})") + std::string{done}).unknown_finishes.empty());
}

TEST(chat_answer, that_ends_by_its_framing_alone_says_so) {
  EXPECT_TRUE(judge_stream(hello + stop).by_framing);
  EXPECT_FALSE(judge_stream(hello + stop + std::string{done}).by_framing);
  EXPECT_FALSE(judge_stream(hello + stop + "data: [DONE]").by_framing);
}

TEST(chat_answer, tells_whether_it_was_cut_at_its_length) {
  EXPECT_TRUE(judge_stream(hello + delta("{}", R"("length")") + std::string{done}).cut_at_length);
  EXPECT_FALSE(judge_stream(hello + stop + std::string{done}).cut_at_length);
}

TEST(chat_answer, marks_usage_event_and_terminator) {
  const std::string body = hello + stop + usage_event + std::string{done};
  const auto found = judge_stream(body);
  const std::uint64_t usage_at = hello.size() + stop.size();
  EXPECT_EQ(found.marks, (std::vector<mark>{{mark::kind::usage, usage_at, usage_event.size()},
                                            {mark::kind::terminator, usage_at + usage_event.size(), done.size()}}));
}

TEST(chat_answer, usage_on_a_chunk_with_choices_counts_and_stays) {
  const auto body = hello +
                    event(R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],)"
                          R"("usage":{"prompt_tokens":7,"completion_tokens":1}})") +
                    std::string{done};
  const auto found = judge_stream(body);
  EXPECT_EQ(found.usage, (entry::token_usage{.input = 7, .cached_input = std::nullopt, .output = 1}));
  EXPECT_EQ(found.marks.size(), 1U);
}

TEST(chat_answer, usage_is_counted_in_both_forms) {
  const entry::token_usage expected{.input = 5, .cached_input = 3, .output = 2};
  EXPECT_EQ(judge_stream(hello + stop + usage_event + std::string{done}).usage, expected);
  EXPECT_EQ(
      judge_plain(R"({"usage":{"prompt_tokens":5,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":3}}})")
          .usage,
      expected);
}

TEST(chat_answer, an_event_is_whole_when_its_blank_line_is_there) {
  const auto reader = openai_chat.read_answer(wire_form::stream);
  reader->feed(hello);
  EXPECT_EQ(reader->whole(), hello.size());
  reader->feed(usage_event.substr(0, usage_event.size() - 1));
  EXPECT_EQ(reader->whole(), hello.size());
  EXPECT_TRUE(reader->marks().empty());
  reader->feed("\n");
  EXPECT_EQ(reader->whole(), hello.size() + usage_event.size());
  EXPECT_EQ(reader->marks().size(), 1U);
}

TEST(chat_answer, an_event_over_16_mib_makes_all_bytes_whole) {
  const auto reader = openai_chat.read_answer(wire_form::stream);
  reader->feed("data: ");
  const std::string piece(std::size_t{1} << 20, 'x');
  for (int i = 0; i < 17; ++i) reader->feed(piece);
  EXPECT_EQ(reader->whole(), 6 + 17 * piece.size());
  EXPECT_EQ(reader->finish({}).why_not, uncacheable_reason::too_large);
}

}  // namespace
}  // namespace refrain::provider
