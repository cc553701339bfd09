#include "provider/families/openai_completions.h"

#include <gtest/gtest.h>

#include <string>

#include "provider/families/openai_chat_merge.h"
#include "provider/families/openai_chat_split.h"
#include "support/provider/reading.h"

namespace refrain::provider {
namespace {

namespace json = boost::json;
using entry::uncacheable_reason;

std::string request(std::string_view prompt, std::string_view more = {}) {
  return R"({"model":"m","prompt":)" + std::string{prompt} + std::string{more} + "}";
}

TEST(completions_request, takes_every_kind_of_prompt) {
  for (const auto* const prompt : {R"("Once")", R"(["a","b"])", "[1,2]", "[[1],[2]]", "null"}) {
    EXPECT_EQ(read_openai_completions_request(request(prompt)).why_not, uncacheable_reason::none) << prompt;
  }
  EXPECT_EQ(read_openai_completions_request(R"({"model":"m"})").why_not, uncacheable_reason::none);
  for (const auto* const body : {R"({"prompt":"a"})", R"({"model":"m","prompt":{}})", R"({"model":"m","prompt":1})",
                                 R"({"model":"m","prompt":"a","stream":"x"})", "[]", ""}) {
    EXPECT_EQ(read_openai_completions_request(body).why_not, uncacheable_reason::malformed_body) << body;
  }
  EXPECT_EQ(read_openai_completions_request(request(R"("a")", R"(,"store":true)")).why_not,
            uncacheable_reason::upstream_effect);
}

TEST(completions_request, the_number_of_answers_and_the_echo_are_keyed) {
  const auto bare = read_openai_completions_request(request(R"("a")"));
  EXPECT_EQ(bare.query, "a");
  EXPECT_EQ(bare.content, read_openai_completions_request(request(R"("a")", R"(,"user":"u","stream":true)")).content);
  for (const auto* const more : {R"(,"n":2)", R"(,"best_of":2)", R"(,"echo":true)", R"(,"suffix":null)"}) {
    EXPECT_NE(read_openai_completions_request(request(R"("a")", more)).content, bare.content) << more;
  }
}

TEST(completions_request, usage_is_asked_for_as_of_chat) {
  const auto body = request(R"("a")", R"(,"stream":true)");
  const auto parsed = read_openai_completions_request(body);
  EXPECT_EQ(openai_completions().forward_body(body, parsed, true),
            R"({"stream_options":{"include_usage":true},"model":"m","prompt":"a","stream":true})");
  EXPECT_EQ(openai_completions().forward_body(body, parsed, false), body);
}

TEST(completions_forms, a_text_that_streams_do_not_have_becomes_an_empty_one) {
  const auto body = merge_openai_chat_stream(
      "data: {\"choices\":[{\"index\":0,\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n", completion_shape);
  ASSERT_TRUE(body);
  EXPECT_EQ(json::parse(*body).at_pointer("/choices/0/text"), "");
}

TEST(completions_forms, what_is_no_text_cannot_be_turned) {
  EXPECT_FALSE(merge_openai_chat_stream("data: {\"choices\":[{\"index\":0,\"text\":{}}]}\n\n", completion_shape));
  EXPECT_FALSE(split_openai_chat_answer(R"({"choices":[{"index":0,"text":{}}]})", true, completion_shape));
  EXPECT_FALSE(split_openai_chat_answer(R"({"choices":[{"index":0,"message":{}}]})", true, completion_shape));
}

}  // namespace
}  // namespace refrain::provider
