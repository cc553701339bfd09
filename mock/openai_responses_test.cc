#include "mock/proof.h"
#include "support/mock/call.h"

namespace refrain::mock {
namespace {

namespace json = boost::json;

constexpr std::string_view tools =
    R"(,"tools":[{"type":"function","name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}])";

call asking(std::string_view more = "", std::string_view model = "gpt-4o-mini") {
  return test::calling("/v1/responses",
                       R"({"model":")" + std::string(model) + R"(","input":"Why?")" + std::string(more) + "}");
}

TEST(responses, carries_the_proof_and_echoes_what_is_asked) {
  const auto asked = asking(R"(,"user":"anna","metadata":{"team":"a"},"store":false,"service_tier":"flex")");
  const auto response = test::json_of(test::answered(asked));
  EXPECT_TRUE(
      response.at_pointer("/output/0/content/0/text").as_string().starts_with("proof:" + *proof_of(asked.body)));
  EXPECT_EQ(response.at("status"), "completed");
  EXPECT_EQ(response.at("user"), "anna");
  EXPECT_EQ(response.at_pointer("/metadata/team"), "a");
  EXPECT_EQ(response.at("store"), false);
  EXPECT_EQ(response.at("service_tier"), "flex");
}

TEST(responses, has_new_ids_in_each_answer) {
  auto second = asking();
  second.number = 2;
  const auto one = test::json_of(test::answered(asking()));
  const auto other = test::json_of(test::answered(second));
  EXPECT_NE(one.at("id"), other.at("id"));
  EXPECT_NE(one.at_pointer("/output/0/id"), other.at_pointer("/output/0/id"));
  EXPECT_EQ(one.at_pointer("/output/0/content"), other.at_pointer("/output/0/content"));
}

TEST(responses, streams_what_it_says_plainly) {
  for (const auto* const model : {"gpt-4o-mini", "mock-reasoner"}) {
    const auto plain = test::json_of(test::answered(asking("", model)));
    const auto events = test::events_of(test::answered(asking(R"(,"stream":true)", model)));
    std::string text;
    for (std::size_t i = 0; i < events.size(); ++i) {
      EXPECT_EQ(events[i].at("sequence_number"), i);
      if (events[i].at("type") == "response.output_text.delta") text += events[i].at("delta").as_string();
    }
    const auto& last = events.back();
    EXPECT_EQ(events.front().at("type"), "response.created");
    EXPECT_EQ(last.at("type"), "response.completed");
    EXPECT_EQ(last.at("response"), plain);
    const auto& output = plain.at("output").as_array();
    EXPECT_EQ(output.back().at_pointer("/content/0/text"), json::value(text));
    EXPECT_EQ(output.size(), std::string_view(model).contains("reason") ? 2U : 1U);
  }
}

TEST(responses, calls_a_function_and_answers_in_words_after_it) {
  const auto first = test::json_of(test::answered(asking(tools)));
  EXPECT_EQ(first.at_pointer("/output/0/type"), "function_call");
  EXPECT_EQ(first.at_pointer("/output/0/name"), "weather");
  EXPECT_TRUE(first.at_pointer("/output/0/call_id").as_string().starts_with("call_" + *proof_of(asking(tools).body)));
  const auto after = test::calling(
      "/v1/responses",
      R"({"model":"m","input":[{"role":"user","content":"x"},{"type":"function_call_output","call_id":"c","output":"1"}])" +
          std::string(tools) + "}");
  EXPECT_EQ(test::json_of(test::answered(after)).at_pointer("/output/0/type"), "message");
}

TEST(responses, stops_at_the_most_tokens_and_at_the_filter) {
  const auto cut = test::json_of(test::answered(asking(R"(,"max_output_tokens":5)")));
  EXPECT_EQ(cut.at("status"), "incomplete");
  EXPECT_EQ(cut.at_pointer("/incomplete_details/reason"), "max_output_tokens");
  auto filtered = asking(R"(,"stream":true)");
  filtered.how.finish = "content_filter";
  const auto last = test::events_of(test::answered(filtered)).back();
  EXPECT_EQ(last.at("type"), "response.incomplete");
  EXPECT_EQ(last.at_pointer("/response/incomplete_details/reason"), "content_filter");
}

TEST(responses, in_the_background_are_queued) {
  const auto response = test::json_of(test::answered(asking(R"(,"background":true)")));
  EXPECT_EQ(response.at("status"), "queued");
  EXPECT_TRUE(response.at("output").as_array().empty());
}

TEST(responses, speaks_json_where_it_is_asked_to) {
  const auto response = test::json_of(test::answered(asking(
      R"(,"text":{"format":{"type":"json_schema","name":"x","schema":{"type":"object","properties":{"a":{"type":"string"}}}}})")));
  EXPECT_TRUE(json::parse(response.at_pointer("/output/0/content/0/text").as_string()).at("a").is_string());
}

TEST(responses, breaks_the_stream_off_where_the_call_wants_it) {
  auto asked = asking(R"(,"stream":true)");
  asked.how.error_event = 2;
  const auto events = test::events_of(test::answered(asked));
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events.back().at("type"), "error");
}

TEST(responses, turns_bad_requests_down) {
  for (const auto* body : {"", "[]", R"({"input":"x"})"}) {
    EXPECT_EQ(test::answered(test::calling("/v1/responses", body)).status, 400U) << body;
  }
}

}  // namespace
}  // namespace refrain::mock
