#include "provider/families/openai.h"

#include <gtest/gtest.h>

#include <string>

#include "support/provider/reading.h"

namespace refrain::provider {
namespace {

namespace json = boost::json;

std::string request(std::string_view prompt, std::string_view more = {}) {
  return R"({"model":"m","prompt":)" + std::string{prompt} + std::string{more} + "}";
}

TEST(completions_request, takes_every_kind_of_prompt) {
  for (const auto* const prompt : {R"("Once")", R"(["a","b"])", "[1,2]", "[[1],[2]]", "null"}) {
    EXPECT_EQ(testing::parsed_of(openai_completions, request(prompt)).why_not, uncacheable_reason::none) << prompt;
  }
  EXPECT_EQ(testing::parsed_of(openai_completions, R"({"model":"m"})").why_not, uncacheable_reason::none);
  for (const auto* const body : {R"({"prompt":"a"})", R"({"model":"m","prompt":{}})", R"({"model":"m","prompt":1})",
                                 R"({"model":"m","prompt":"a","stream":"x"})", "[]", ""}) {
    EXPECT_EQ(testing::parsed_of(openai_completions, body).why_not, uncacheable_reason::malformed_body) << body;
  }
  EXPECT_EQ(testing::parsed_of(openai_completions, request(R"("a")", R"(,"store":true)")).why_not,
            uncacheable_reason::upstream_effect);
}

TEST(completions_request, the_number_of_answers_and_the_echo_are_keyed) {
  const auto bare = testing::parsed_of(openai_completions, request(R"("a")"));
  EXPECT_EQ(bare.query, "a");
  EXPECT_EQ(bare.content,
            testing::parsed_of(openai_completions, request(R"("a")", R"(,"user":"u","stream":true)")).content);
  for (const auto* const more : {R"(,"n":2)", R"(,"best_of":2)", R"(,"echo":true)", R"(,"suffix":null)"}) {
    EXPECT_NE(testing::parsed_of(openai_completions, request(R"("a")", more)).content, bare.content) << more;
  }
}

TEST(completions_request, usage_is_asked_for_as_of_chat) {
  const auto body = request(R"("a")", R"(,"stream":true)");
  const auto parsed = testing::parsed_of(openai_completions, body);
  EXPECT_EQ(openai_completions.forward_body(body, parsed, true),
            R"({"stream_options":{"include_usage":true},"model":"m","prompt":"a","stream":true})");
  EXPECT_EQ(openai_completions.forward_body(body, parsed, false), body);
}

TEST(completions_forms, a_text_that_streams_do_not_have_becomes_an_empty_one) {
  const auto body = testing::merge(
      openai_completions, "data: {\"choices\":[{\"index\":0,\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
  ASSERT_TRUE(body);
  EXPECT_EQ(json::parse(*body).at_pointer("/choices/0/text"), "");
}

TEST(completions_forms, what_is_no_text_cannot_be_turned) {
  EXPECT_FALSE(testing::merge(openai_completions, "data: {\"choices\":[{\"index\":0,\"text\":{}}]}\n\n"));
  EXPECT_FALSE(testing::split(openai_completions, R"({"choices":[{"index":0,"text":{}}]})", true));
  EXPECT_FALSE(testing::split(openai_completions, R"({"choices":[{"index":0,"message":{}}]})", true));
}

}  // namespace
}  // namespace refrain::provider
