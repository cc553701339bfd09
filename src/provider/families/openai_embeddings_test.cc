#include "provider/families/openai.h"

#include <gtest/gtest.h>

#include <string>

#include "provider/rules/batch.h"

namespace refrain::provider {
namespace {

const batch& wire() { return *openai_embeddings.as_batch(); }

request_view view(std::string_view body) { return {.path = "/embeddings", .query = {}, .body = body}; }

std::vector<base::digest256> contents(std::string_view body) {
  std::vector<base::digest256> all;
  for (const auto& one : openai_embeddings.read(view(body)).list.items) all.push_back(one.content);
  return all;
}

std::string ask(std::string_view body, std::span<const std::size_t> wanted) {
  return wire().ask_for(openai_embeddings.read(view(body)), body, wanted);
}

TEST(openai_embeddings, an_item_is_the_same_alone_and_among_others) {
  const auto some = contents(R"({"model":"m","input":["a","b","a"]})");
  ASSERT_EQ(some.size(), 3u);
  EXPECT_EQ(some[0], some[2]);
  EXPECT_NE(some[0], some[1]);
  for (const auto* const alone : {R"({"input":"a","model":"m"})", R"({"model":"m","input":["a"]})",
                                  R"({"model":"m","input":"a","encoding_format":"base64"})",
                                  R"({"model":"m","input":"\u0061","user":"u-1","cache":{"ttl":5}})"}) {
    EXPECT_EQ(contents(alone), std::vector{some[0]}) << alone;
  }
  for (const auto* const other : {R"({"model":"m2","input":"a"})", R"({"model":"m","input":"a","dimensions":3})",
                                  R"({"model":"m","input":"a "})", R"({"model":"m","input":[[97]]})"}) {
    EXPECT_NE(contents(other), std::vector{some[0]}) << other;
  }
}

TEST(openai_embeddings, vectors_that_depend_on_the_others_are_one_entry) {
  const auto read = [](std::string_view body) { return openai_embeddings.read(view(body)); };
  const auto late = read(R"({"model":"m","input":["a","b"],"late_chunking":true})");
  EXPECT_EQ(late.why_not, uncacheable_reason::none);
  EXPECT_TRUE(late.list.items.empty());
  EXPECT_TRUE(read(R"({"model":"voyage-context-3","input":["a","b"]})").list.items.empty());
  for (const auto* const other : {R"({"model":"m","input":["b","a"],"late_chunking":true})",
                                  R"({"model":"m","input":["a"],"late_chunking":true})",
                                  R"({"model":"m","input":["a","b"],"late_chunking":true,"encoding_format":"base64"})",
                                  R"({"model":"m","input":["a","b"]})"}) {
    EXPECT_NE(read(other).content, late.content) << other;
  }
  for (const auto* const one_by_one : {R"({"model":"m","input":["a","b"],"late_chunking":false})",
                                       R"({"model":"m","input":["a","b"],"late_chunking":null})",
                                       R"({"model":"m","input":["a","b"],"input_type":"query"})"}) {
    EXPECT_EQ(read(one_by_one).list.items.size(), 2U) << one_by_one;
  }
  EXPECT_NE(contents(R"({"model":"m","input":["a"],"input_type":"query"})"),
            contents(R"({"model":"m","input":["a"],"input_type":"document"})"));
}

TEST(openai_embeddings, lists_of_tokens_are_items) {
  EXPECT_EQ(contents(R"({"model":"m","input":[1,2]})"), contents(R"({"model":"m","input":[[1,2]]})"));
  EXPECT_EQ(contents(R"({"model":"m","input":[[1],[2]]})").size(), 2u);
}

TEST(openai_embeddings, a_cache_member_of_the_providers_own_is_keyed) {
  const auto content = [](std::string_view more) {
    const auto body = R"({"model":"m","input":"a")" + std::string(more) + "}";
    return openai_embeddings.read(view(body)).list.items.front().content;
  };
  EXPECT_NE(content(R"(,"cache":"long")"), content(R"(,"cache":"short")"));
  EXPECT_NE(content(R"(,"cache":"long")"), content(""));
  EXPECT_EQ(content(R"(,"cache":{"ttl":5})"), content("")) << "LiteLLM's";
}

TEST(openai_embeddings, stands_aside_where_it_does_not_understand) {
  for (const auto* const body :
       {R"({"model":"m"})", R"({"input":"a"})", R"({"model":"m","input":[]})", R"({"model":"m","input":["a",[1]]})",
        R"({"model":"m","input":{"image":"x"}})", R"({"model":"m","input":[[]]})",
        R"({"model":"m","input":"a","encoding_format":"int8"})", "[]",
        R"({"model":"m","input":"a","encoding_format":"base64","output_dtype":"int8"})"}) {
    EXPECT_EQ(openai_embeddings.read(view(body)).why_not, uncacheable_reason::malformed_body) << body;
  }
}

TEST(openai_embeddings, asks_for_what_is_wanted_alone) {
  const auto* const body = R"({ "model":"m", "input":["a", "b\u00e9", "c"], "dimensions":3.0, "cache":{"ttl":5} })";
  const std::size_t some[]{1};
  const std::size_t all[]{0, 1, 2};
  EXPECT_EQ(ask(body, some), R"({"model":"m","input":["b\u00e9"],"dimensions":3.0})");
  EXPECT_EQ(ask(R"({"model":"m","input":["a", "b", "c"]})", all), R"({"model":"m","input":["a", "b", "c"]})");
  EXPECT_EQ(ask(R"({"model":"m","input": "a"})", std::span{all}.first(1)), R"({"model":"m","input": "a"})");
}

constexpr std::string_view answer =
    R"({ "object":"list", "data":[ {"object":"embedding","index":0,"embedding":[0.10,2]},)"
    R"( {"embedding":[3.5,-1],"index":1,"flag":"x"} ], "model":"m-1", "usage":{"prompt_tokens":5,"total_tokens":5}, "extra":{"a":[1]} })";

TEST(openai_embeddings, an_answer_comes_apart_and_together_again) {
  const auto parts = wire().take_apart(answer, 2);
  ASSERT_TRUE(parts.has_value());
  EXPECT_EQ((*parts)[1],
            R"({"object":"list","data":[{"embedding":[3.5,-1],"flag":"x"}],"model":"m-1","extra":{"a":[1]}})");
  const std::string_view both[]{(*parts)[1], (*parts)[0]};
  const auto numbers = wire().put_together({}, both, {.input = 5});
  ASSERT_TRUE(numbers.has_value());
  EXPECT_EQ(numbers->body, R"({"object":"list","data":[{"embedding":[3.5,-1],"flag":"x","index":0},)"
                           R"({"object":"embedding","embedding":[0.10,2],"index":1}],"model":"m-1","extra":{"a":[1]},)"
                           R"("usage":{"prompt_tokens":5,"total_tokens":5}})");
  const auto base64 = wire().put_together({.as_base64 = true}, std::span{both}.first(1), {});
  ASSERT_TRUE(base64.has_value());
  EXPECT_TRUE(base64->body.contains(R"("embedding":"AABgQAAAgL8=")")) << base64->body;
  EXPECT_FALSE(base64->body.contains("usage"));
}

TEST(openai_embeddings, an_answer_that_does_not_fit_is_an_error) {
  for (const std::size_t count : {0u, 1u, 3u}) {
    const auto parts = wire().take_apart(answer, count);
    ASSERT_FALSE(parts.has_value()) << count;
    EXPECT_EQ(parts.error().code, base::errc::upstream_protocol);
  }
  for (const auto* const indexes :
       {"0 0", "1 1", "null null", "0 null", "1 2", "-1 0", "0 1.5", R"("0" "1")", "0 none"}) {
    const std::string_view both{indexes};
    const auto part = [](std::string_view index) {
      return R"({"embedding":[1])" + (index == "none" ? "" : R"(,"index":)" + std::string{index}) + "}";
    };
    const auto blank = both.find(' ');
    const auto said = R"({"data":[)" + part(both.substr(0, blank)) + "," + part(both.substr(blank + 1)) + "]}";
    EXPECT_FALSE(wire().take_apart(said, 2)) << said;
  }
  EXPECT_TRUE(wire().take_apart(R"({"data":[{"embedding":[1]},{"embedding":[2]}]})", 2))
      << "no index, no contradiction";
}

TEST(openai_embeddings, parts_in_another_order_are_told_by_their_index) {
  const auto parts = wire().take_apart(
      R"({"data":[{"index":2,"embedding":[3]},{"index":0,"embedding":[1]},{"index":1.0,"embedding":[2]}]})", 3);
  ASSERT_TRUE(parts.has_value());
  for (const std::size_t place : {0U, 1U, 2U}) {
    EXPECT_EQ((*parts)[place], R"({"data":[{"embedding":[)" + std::to_string(place + 1) + "]}]}");
  }
}

TEST(openai_embeddings, bytes_that_nobody_asked_for_stay_bytes) {
  const std::string_view bytes = R"({"data":[{"embedding":"AABgQAAAgL8=","index":0}]})";
  const auto unasked = wire().take_apart(bytes, 1).value();
  const auto asked = wire().take_apart(bytes, 1, {.as_base64 = true}).value();
  const auto shown = [](const std::vector<std::string>& kept, std::optional<bool> as_base64) {
    const std::string_view one[]{kept.front()};
    return wire().put_together({.as_base64 = as_base64}, one, {}).value().body;
  };
  const std::string numbers = R"({"data":[{"embedding":[3.5,-1],"index":0}]})";
  EXPECT_EQ(shown(unasked, std::nullopt), bytes);
  EXPECT_EQ(shown(unasked, true), bytes);
  EXPECT_EQ(shown(unasked, false), numbers);
  EXPECT_EQ(shown(asked, std::nullopt), numbers) << "OpenAI's default";
  EXPECT_EQ(shown(asked, true), bytes);
  EXPECT_EQ(openai_embeddings.read(view(R"({"model":"m","input":"a"})")).list.as_base64, std::nullopt);
  EXPECT_EQ(openai_embeddings.read(view(R"({"model":"m","input":"a","encoding_format":null})")).list.as_base64,
            std::nullopt);
  EXPECT_EQ(openai_embeddings.read(view(R"({"model":"m","input":"a","encoding_format":"float"})")).list.as_base64,
            false);
}

TEST(openai_embeddings, only_vectors_of_floats_are_good) {
  for (const auto* const odd :
       {"[]", R"([{"index":0}])", R"([{"index":0,"embedding":null}])", R"([{"index":0,"embedding":[]}])",
        R"([{"index":0,"embedding":""}])", R"([{"index":0,"embedding":[[1.5],[2.5]]}])",
        R"([{"index":0,"embedding":[1.5,null]}])", R"([{"index":0,"embedding":["1.5"]}])",
        R"([{"index":0,"embedding":"%%%%"}])", R"([{"index":0,"embedding":"AABg"}])", R"([[1.5]])", "[null]",
        R"([{"index":0,"embedding":{"dense":[1.5]}}])", R"({"embedding":[1.5]})", "null", R"("AABgQAAAgL8=")"}) {
    EXPECT_FALSE(is_good_answer(openai_embeddings, wire_form::plain, R"({"data":)" + std::string{odd} + "}")) << odd;
  }
  EXPECT_TRUE(is_good_answer(openai_embeddings, wire_form::plain, R"({"data":[{"embedding":"AABgQAAAgL8="}]})"));
}

TEST(openai_embeddings, a_vector_that_cannot_be_spelt_so_is_not_served) {
  const std::string_view odd[]{R"({"data":[{"embedding":[1e99]}]})"};
  EXPECT_TRUE(wire().put_together({}, odd, {}).has_value());
  EXPECT_FALSE(wire().put_together({.as_base64 = true}, odd, {}).has_value());
}

}  // namespace
}  // namespace refrain::provider
