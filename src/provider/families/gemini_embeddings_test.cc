#include "provider/families/gemini.h"

#include <gtest/gtest.h>

#include <string>

#include "provider/rules/batch.h"

namespace refrain::provider {
namespace {

constexpr std::string_view one_path = "/v1beta/models/e:embedContent";
constexpr std::string_view batch_path = "/v1beta/models/e:batchEmbedContents";

const batch& wire() { return *gemini_embeddings.as_batch(); }

request_view view(std::string_view path, std::string_view body, std::string_view query = "") {
  return {.path = path, .query = query, .body = body};
}

std::string item(const std::string& text, const std::string& more = "") {
  return R"({"content":{"parts":[{"text":")" + text + R"("}]})" + more + "}";
}

std::vector<base::digest256> contents(const request_view& request) {
  EXPECT_EQ(gemini_embeddings.read(request).why_not, uncacheable_reason::none) << request.body;
  std::vector<base::digest256> all;
  for (const auto& one : gemini_embeddings.read(request).list.items) all.push_back(one.content);
  return all;
}

std::string ask(std::string_view path, std::string_view body, std::span<const std::size_t> wanted) {
  return wire().ask_for(gemini_embeddings.read(view(path, body)), body, wanted);
}

TEST(gemini_embeddings, an_item_is_the_same_alone_and_in_a_batch) {
  const auto batch = R"({"requests":[)" + item("a") + "," + item("b") + "," + item("a") + "]}";
  const auto some = contents(view(batch_path, batch));
  ASSERT_EQ(some.size(), 3U);
  EXPECT_EQ(some[0], some[2]);
  EXPECT_NE(some[0], some[1]);
  EXPECT_EQ(contents(view(one_path, item("a"))), std::vector{some[0]});
  EXPECT_EQ(contents(view(one_path, item("a", R"(,"model":"models/e")"), "key=k")), std::vector{some[0]});
  EXPECT_EQ(contents(view(batch_path, R"({"requests":[)" + item("a", R"(,"model":"e")") + "]}")), std::vector{some[0]});
  EXPECT_NE(contents(view(one_path, item("a", R"(,"taskType":"RETRIEVAL_QUERY")"))), std::vector{some[0]});
  EXPECT_NE(contents(view("/v1beta/models/f:embedContent", item("a"))), std::vector{some[0]});
  EXPECT_NE(contents(view("/v1/models/e:embedContent", item("a"))), std::vector{some[0]});
  EXPECT_NE(contents(view(one_path, item("a"), "fields=embedding")), std::vector{some[0]});
}

TEST(gemini_embeddings, stands_aside_where_it_does_not_understand) {
  const auto why = [](std::string_view path, const std::string& body) {
    return gemini_embeddings.read(view(path, body)).why_not;
  };
  EXPECT_EQ(why(one_path, "{}"), uncacheable_reason::malformed_body);
  EXPECT_EQ(why(one_path, item("a", R"(,"model":"models/f")")), uncacheable_reason::malformed_body);
  EXPECT_EQ(why(one_path, R"({"requests":[)" + item("a") + "]}"), uncacheable_reason::malformed_body);
  for (const auto* const requests : {R"("text")", "[]", "null", "[1,2]"}) {
    EXPECT_EQ(why(one_path, item("a", R"(,"requests":)" + std::string{requests})), uncacheable_reason::malformed_body)
        << requests;
  }
  EXPECT_EQ(why(batch_path, item("a")), uncacheable_reason::malformed_body);
  EXPECT_EQ(why(batch_path, R"({"requests":[]})"), uncacheable_reason::malformed_body);
  EXPECT_EQ(why(batch_path, R"({"requests":[)" + item("a") + ",7]}"), uncacheable_reason::malformed_body);
  EXPECT_EQ(why(one_path, R"({"content":{"parts":[{"fileData":{"fileUri":"files/a"}}]}})"),
            uncacheable_reason::server_state);
}

TEST(gemini_embeddings, asks_for_what_is_wanted_alone) {
  const auto body = R"({ "requests":[)" + item("a") + ", " + item("b") + R"( ], "x":1.0 })";
  const std::size_t second[]{1};
  const std::size_t both[]{0, 1};
  EXPECT_EQ(ask(batch_path, body, second), R"({"requests":[)" + item("b") + R"(],"x":1.0})");
  EXPECT_EQ(ask(batch_path, body, both), body);
  EXPECT_EQ(ask(one_path, item("a"), std::span{both}.first(1)), item("a"));
}

TEST(gemini_embeddings, an_answer_comes_apart_and_together_again) {
  const auto parts = wire().take_apart(
      R"({ "embeddings":[ {"values":[0.10, -1]}, {"values":[2e-05]} ], "usageMetadata":{"promptTokenCount":5}, "y":1 })",
      2);
  ASSERT_TRUE(parts.has_value());
  EXPECT_EQ((*parts)[0], R"({"embedding":{"values":[0.10, -1]},"y":1})");
  EXPECT_EQ(wire().take_apart((*parts)[0], 1, {.alone = true}).value(), std::vector{(*parts)[0]});
  const std::string_view turned[]{(*parts)[1], (*parts)[0]};
  const auto batch = wire().put_together({}, turned, {.input = 5});
  EXPECT_EQ(
      batch.value().body,
      R"({"embeddings":[{"values":[2e-05]},{"values":[0.10, -1]}],"y":1,"usageMetadata":{"promptTokenCount":5}})");
  const auto alone = wire().put_together({.alone = true}, std::span{turned}.last(1), {});
  EXPECT_EQ(alone.value().body, (*parts)[0]);
}

TEST(gemini_embeddings, an_answer_that_does_not_fit_is_an_error) {
  for (const auto* const answer :
       {R"({"embeddings":[{"values":[1]}]})", R"({"embedding":{"values":[1]}})", "{}", "["}) {
    const auto parts = wire().take_apart(answer, 2);
    ASSERT_FALSE(parts.has_value()) << answer;
    EXPECT_EQ(parts.error().code, base::errc::upstream_protocol);
  }
  EXPECT_FALSE(wire().take_apart(R"({"embedding":{"values":[1]}})", 1)) << "a list of one was asked for";
  EXPECT_FALSE(wire().take_apart(R"({"embeddings":[{"values":[1]}]})", 1, {.alone = true}));
}

TEST(gemini_embeddings, only_vectors_of_floats_are_good) {
  for (const auto* const odd :
       {"[]", "{}", R"({"embeddings":[]})", R"({"embeddings":[{}]})", R"({"embeddings":[{"values":[]}]})",
        R"({"embeddings":[{"values":[[1]]}]})", R"({"embeddings":[{"values":null}]})", R"({"embeddings":[[1]]})",
        R"({"embeddings":[{"values":"AABgQAAAgL8="}]})", R"({"embedding":null})", R"({"embedding":{"values":[]}})",
        R"({"embedding":{"values":[1]},"embeddings":[{"values":[1]}]})"}) {
    EXPECT_FALSE(is_good_answer(gemini_embeddings, wire_form::plain, odd)) << odd;
  }
}

}  // namespace
}  // namespace refrain::provider
