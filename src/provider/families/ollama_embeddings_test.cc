#include "provider/families/ollama.h"

#include <gtest/gtest.h>

#include <string>

#include "provider/rules/batch.h"

namespace refrain::provider {
namespace {

const batch& wire() { return *ollama_embed.as_batch(); }

request_view view(std::string_view body) { return {.path = "/api/embed", .query = {}, .body = body}; }

std::vector<base::digest256> contents(std::string_view body) {
  std::vector<base::digest256> all;
  for (const auto& one : ollama_embed.read(view(body)).list.items) all.push_back(one.content);
  return all;
}

std::string ask(std::string_view body, std::span<const std::size_t> wanted) {
  return wire().ask_for(ollama_embed.read(view(body)), body, wanted);
}

TEST(ollama_embed, an_item_is_the_same_alone_and_among_others) {
  const auto some = contents(R"({"model":"m","input":["a","b","a"]})");
  ASSERT_EQ(some.size(), 3U);
  EXPECT_EQ(some[0], some[2]);
  EXPECT_NE(some[0], some[1]);
  EXPECT_EQ(contents(R"({"input":"a","keep_alive":0,"model":"m"})"), std::vector{some[0]});
  for (const auto* const other : {R"({"model":"n","input":"a"})", R"({"model":"m","input":"a","truncate":false})",
                                  R"({"model":"m","input":"a","dimensions":3})"}) {
    EXPECT_NE(contents(other), std::vector{some[0]}) << other;
  }
}

TEST(ollama_embed, stands_aside_where_it_does_not_understand) {
  const auto why = [](std::string_view body) { return ollama_embed.read(view(body)).why_not; };
  EXPECT_EQ(why(R"({"input":"a"})"), uncacheable_reason::malformed_body);
  EXPECT_EQ(why(R"({"model":"m","input":[1]})"), uncacheable_reason::malformed_body);
  EXPECT_EQ(why(R"({"model":"m","input":7})"), uncacheable_reason::malformed_body);
  for (const auto* const load : {R"({"model":"m"})", R"({"model":"m","input":""})", R"({"model":"m","input":[]})"}) {
    EXPECT_EQ(why(load), uncacheable_reason::upstream_effect) << load;
    EXPECT_EQ(ollama_embeddings.read(view(load)).why_not, uncacheable_reason::upstream_effect) << load;
  }
}

TEST(ollama_embed, asks_for_what_is_wanted_alone) {
  const std::size_t second[]{1};
  const std::size_t first[]{0};
  EXPECT_EQ(ask(R"({ "model":"m", "input":["a", "b"], "x":1.0 })", second), R"({"model":"m","input":["b"],"x":1.0})");
  EXPECT_EQ(ask(R"({ "model":"m", "input":"a" })", first), R"({ "model":"m", "input":"a" })");
}

TEST(ollama_embed, an_answer_comes_apart_and_together_again) {
  const auto parts =
      wire().take_apart(R"({"model":"m","embeddings":[[0.10, -1],[2]],"total_duration":5,"prompt_eval_count":9})", 2);
  ASSERT_TRUE(parts.has_value());
  EXPECT_EQ((*parts)[1], R"({"model":"m","embeddings":[[2]],"total_duration":5})");
  const std::string_view turned[]{(*parts)[1], (*parts)[0]};
  EXPECT_EQ(wire().put_together({}, turned, {.input = 9}).value().body,
            R"({"model":"m","embeddings":[[2],[0.10, -1]],"total_duration":5,"prompt_eval_count":9})");
}

TEST(ollama_embed, an_answer_that_does_not_fit_is_an_error) {
  for (const auto* const answer : {R"({"embeddings":[[1]]})", R"({"embedding":[1]})", "{}", "["}) {
    const auto parts = wire().take_apart(answer, 2);
    ASSERT_FALSE(parts.has_value()) << answer;
    EXPECT_EQ(parts.error().code, base::errc::upstream_protocol);
  }
}

TEST(ollama_embed, only_vectors_of_floats_are_good) {
  for (const auto* const odd : {"[]", "{}", R"({"embeddings":[]})", R"({"embeddings":[[]]})",
                                R"({"embeddings":[[[1]]]})", R"({"embeddings":[null]})", R"({"embeddings":[1]})",
                                R"({"embeddings":["AABgQAAAgL8="]})", R"({"embeddings":[{"values":[1]}]})"}) {
    EXPECT_FALSE(is_good_answer(ollama_embed, wire_form::plain, odd)) << odd;
    EXPECT_FALSE(is_good_answer(ollama_embeddings, wire_form::plain, odd)) << odd;
  }
  EXPECT_FALSE(is_good_answer(ollama_embed, wire_form::plain, R"({"embedding":[1],"embeddings":[[]]})"));
  EXPECT_FALSE(is_good_answer(ollama_embeddings, wire_form::plain, R"({"embedding":[]})"));
  EXPECT_TRUE(is_good_answer(ollama_embed, wire_form::plain, R"({"embeddings":[[1]]})"));
  EXPECT_TRUE(is_good_answer(ollama_embeddings, wire_form::plain, R"({"embedding":[1]})"));
}

}  // namespace
}  // namespace refrain::provider
