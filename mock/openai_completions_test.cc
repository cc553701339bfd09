#include "mock/proof.h"
#include "support/mock/call.h"

namespace refrain::mock {
namespace {

namespace json = boost::json;

call asking(std::string_view more = "", std::string_view prompt = R"("Why?")") {
  return test::calling("/v1/completions", R"({"model":"gpt-3.5-turbo-instruct","prompt":)" + std::string(prompt) +
                                              std::string(more) + "}");
}

std::string gathered(const std::vector<json::value>& events, std::int64_t index) {
  std::string text;
  for (const auto& one : events) {
    for (const auto& choice : one.at("choices").as_array()) {
      if (choice.at("index") == index) text += choice.at("text").as_string();
    }
  }
  return text;
}

TEST(completions, streams_what_it_says_plainly) {
  const auto plain = test::json_of(test::answered(asking(R"(,"n":2)")));
  const auto stream = test::events_of(test::answered(asking(R"(,"n":2,"stream":true)")));
  ASSERT_EQ(plain.at("choices").as_array().size(), 2U);
  EXPECT_EQ(plain.at("object"), "text_completion");
  for (const int index : {0, 1}) {
    const auto& choice = plain.at("choices").at(static_cast<std::size_t>(index));
    EXPECT_EQ(choice.at("text"), json::value(gathered(stream, index)));
    EXPECT_EQ(choice.at("finish_reason"), "stop");
  }
  EXPECT_TRUE(
      plain.at_pointer("/choices/0/text").as_string().starts_with("proof:" + *proof_of(asking(R"(,"n":2)").body)));
}

TEST(completions, answers_each_prompt_and_echoes_it_where_asked) {
  const auto plain = test::json_of(test::answered(asking(R"(,"echo":true)", R"(["One","Two"])")));
  EXPECT_TRUE(plain.at_pointer("/choices/0/text").as_string().starts_with("Oneproof:"));
  EXPECT_TRUE(plain.at_pointer("/choices/1/text").as_string().starts_with("Twoproof:"));
  EXPECT_EQ(test::json_of(test::answered(asking("", "[1,2]"))).at("choices").as_array().size(), 1U);
}

TEST(completions, gives_logprobs_and_stops_at_the_most_tokens) {
  const auto choice = test::json_of(test::answered(asking(R"(,"logprobs":1,"max_tokens":3)"))).at_pointer("/choices/0");
  EXPECT_EQ(choice.at("finish_reason"), "length");
  EXPECT_EQ(choice.at_pointer("/logprobs/tokens").as_array().size(), 3U);
  EXPECT_EQ(choice.at_pointer("/logprobs/text_offset/0"), 0);
}

TEST(completions, streams_usage_last_where_it_is_asked_for) {
  const auto stream =
      test::events_of(test::answered(asking(R"(,"stream":true,"stream_options":{"include_usage":true})")));
  EXPECT_TRUE(stream.front().at("usage").is_null());
  EXPECT_GT(stream.back().at_pointer("/usage/total_tokens").as_int64(), 0);
}

TEST(completions, turns_bad_requests_down) {
  for (const auto* body : {"", "[]", R"({"prompt":"x"})"}) {
    EXPECT_EQ(test::answered(test::calling("/v1/completions", body)).status, 400U) << body;
  }
}

}  // namespace
}  // namespace refrain::mock
