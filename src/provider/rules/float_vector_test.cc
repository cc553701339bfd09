#include "provider/rules/float_vector.h"

#include <gtest/gtest.h>

#include <random>

#include "provider/json/canonical.h"

namespace refrain::provider {
namespace {

TEST(float_vectors, turn_both_ways) {
  // 1, -0.5 and 3.25 as IEEE 754 singles: 0000803f 000000bf 00005040.
  EXPECT_EQ(to_vector_form("[1, -0.5,3.25]", vector_form::base64), "\"AACAPwAAAL8AAFBA\"");
  EXPECT_EQ(to_vector_form("\"AACAPwAAAL8AAFBA\"", vector_form::numbers), "[1,-0.5,3.25]");
  EXPECT_EQ(to_vector_form("[]", vector_form::base64), "\"\"");
  EXPECT_EQ(to_vector_form("\"\"", vector_form::numbers), "[]");
  EXPECT_EQ(to_vector_form(R"("AACAP\u0077\u003d=")", vector_form::numbers), "[1]");
  EXPECT_EQ(to_vector_form(R"("AAD\/QQ==")", vector_form::numbers),
            to_vector_form("\"AAD/QQ==\"", vector_form::numbers));
}

TEST(float_vectors, keep_the_form_that_they_have_to_the_letter) {
  EXPECT_EQ(to_vector_form("[ 1.50 ,2]", vector_form::numbers), "[ 1.50 ,2]");
  EXPECT_EQ(to_vector_form("\"AACAPw==\"", vector_form::base64), "\"AACAPw==\"");
}

TEST(float_vectors, lose_nothing_on_the_way_through_numbers) {
  std::mt19937_64 random{7};
  std::uniform_real_distribution<float> near_zero{-0.2F, 0.2F};
  std::string numbers = "[";
  for (int i = 0; i < 1536; ++i) numbers += (i == 0 ? "" : ",") + std::to_string(near_zero(random));
  const auto bytes = to_vector_form(numbers + ']', vector_form::base64);
  ASSERT_TRUE(bytes.has_value());
  const auto again = to_vector_form(*bytes, vector_form::numbers);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(to_vector_form(*again, vector_form::base64), bytes);
}

TEST(float_vectors, round_what_a_float_cannot_hold) {
  EXPECT_EQ(to_vector_form("[1e-60]", vector_form::base64), to_vector_form("[0]", vector_form::base64));
  EXPECT_EQ(to_vector_form("[0.1]", vector_form::base64), to_vector_form("[0.100000001490116]", vector_form::base64));
}

TEST(float_vectors, are_nothing_else) {
  for (const auto* const text :
       {"", "7", "{}", "null", "[1,]", "[,1]", "[1 2]", "[\"a\"]", "[1e60]", "[nan]", "[[1]]"}) {
    EXPECT_EQ(to_vector_form(text, vector_form::base64), std::nullopt) << text;
  }
  for (const auto* const text : {"\"AACA\"", "\"AAA\"", "\"====\"", "\"AADAfw==\""}) {
    EXPECT_EQ(to_vector_form(text, vector_form::numbers), std::nullopt) << text;
  }
}

TEST(float_vectors, are_judged_by_whether_they_take_either_form) {
  const auto judge = [](std::string_view json) {
    canonicaliser own;
    return judge_vector(*own.read("[" + std::string{json} + "]")->elements().next());
  };
  for (const auto* const good : {"[1,-0.5,3.25e0]", "\"AACAPwAAAL8AAFBA\"", R"("AAD\/QQ==")"}) {
    EXPECT_EQ(judge(good), uncacheable_reason::none) << good;
  }
  for (const auto* const empty : {"[]", "\"\""}) EXPECT_EQ(judge(empty), uncacheable_reason::empty_answer) << empty;
  for (const auto* const bad :
       {"7", "{}", "[\"a\"]", "[1,null]", "[1e60]", "[[1]]", "\"A}ACAPwAAAL8AAFBA\"", "\"AAA=\"", "\"AADAfw==\""}) {
    EXPECT_EQ(judge(bad), uncacheable_reason::malformed_answer) << bad;
  }
}

}  // namespace
}  // namespace refrain::provider
