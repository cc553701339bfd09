#include "mock/proof.h"
#include "support/mock/call.h"

namespace refrain::mock {
namespace {

answer moderate(std::string body) { return test::answered(test::calling("/v1/moderations", std::move(body))); }
answer rank(std::string body) { return test::answered(test::calling("/v1/rerank", std::move(body))); }
answer draw(std::string body) { return test::answered(test::calling("/v1/images/generations", std::move(body))); }

TEST(moderations, judges_each_input) {
  const std::string body = R"({"input":["a walk","some violence"]})";
  const auto judged = test::json_of(moderate(body));
  EXPECT_TRUE(judged.at("id").as_string().starts_with("modr-" + *proof_of(body)));
  EXPECT_EQ(judged.at_pointer("/results/0/flagged"), false);
  EXPECT_EQ(judged.at_pointer("/results/1/categories/violence"), true);
  EXPECT_EQ(test::json_of(moderate(R"({"input":[{"type":"text","text":"a"}]})")).at("results").as_array().size(), 1U);
}

TEST(rerank, gives_the_best_first_and_no_more_than_asked) {
  const std::string body = R"({"model":"m","query":"q","documents":["a",{"text":"b"},"c"])";
  const auto all = test::json_of(rank(body + "}"));
  ASSERT_EQ(all.at("results").as_array().size(), 3U);
  EXPECT_GE(all.at_pointer("/results/0/relevance_score").as_double(),
            all.at_pointer("/results/1/relevance_score").as_double());
  EXPECT_EQ(test::json_of(rank(body + R"(,"top_n":1})")).at("results").as_array().size(), 1U);
}

TEST(images, are_base64_or_links) {
  const auto drawn = test::json_of(draw(R"({"model":"gpt-image-1","prompt":"A hill","n":2})"));
  ASSERT_EQ(drawn.at("data").as_array().size(), 2U);
  EXPECT_TRUE(drawn.at_pointer("/data/0/b64_json").as_string().starts_with("iVBORw0KGgo"));
  EXPECT_NE(drawn.at_pointer("/data/0"), drawn.at_pointer("/data/1"));
  EXPECT_TRUE(test::json_of(draw(R"({"model":"dall-e-3","prompt":"A hill"})"))
                  .at_pointer("/data/0")
                  .as_object()
                  .contains("url"));
  EXPECT_TRUE(test::json_of(draw(R"({"model":"dall-e-3","prompt":"A hill","response_format":"b64_json"})"))
                  .at_pointer("/data/0")
                  .as_object()
                  .contains("b64_json"));
}

TEST(images, are_streamed_by_steps) {
  const auto events = test::events_of(draw(R"({"prompt":"A hill","stream":true,"partial_images":2})"));
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[1].at("partial_image_index"), 1);
  EXPECT_EQ(events[2].at("type"), "image_generation.completed");
}

TEST(lists, turn_bad_requests_down) {
  EXPECT_EQ(moderate("{}").status, 400U);
  EXPECT_EQ(rank(R"({"query":"q"})").status, 400U);
  EXPECT_EQ(draw(R"({"prompt":null})").status, 400U);
}

}  // namespace
}  // namespace refrain::mock
