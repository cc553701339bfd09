#include "provider/json/canonical.h"

#include <gtest/gtest.h>

#include <string>

#include "support/provider/reading.h"

namespace refrain::provider {
namespace {

/// The canonical bytes, or why there are none.
std::string canonical(std::string_view json) {
  const auto value = canonicaliser::of_thread().read(json);
  return value ? std::string{value->bytes()} : "refused: " + std::string{to_string(value.error())};
}

uncacheable_reason refused(std::string_view json) {
  const auto value = canonicaliser::of_thread().read(json);
  return value ? uncacheable_reason::none : value.error();
}

std::string nested(unsigned depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(canonical, texts_of_one_value_are_equal) {
  const auto bytes = canonical(R"({"a":[1,"x/é",null],"b":{"c":true,"d":false}})");
  EXPECT_EQ(bytes, canonical(" {\"b\" : {\"d\":false,\t\"c\":true},\r\n\"a\":[1.0,\"x\\/\\u00e9\",null] } \n"));
}

TEST(canonical, values_that_differ_in_anything_differ) {
  const std::vector<std::string> values{"{}",
                                        "[]",
                                        "[[]]",
                                        R"([""])",
                                        "[null]",
                                        "[0]",
                                        "[false]",
                                        R"(["0"])",
                                        R"(["null"])",
                                        R"({"":""})",
                                        R"({"a":1})",
                                        R"({"a":"1"})",
                                        R"({"b":1})",
                                        R"({"a":[1]})",
                                        R"({"a":null})",
                                        R"({"A":1})",
                                        "[1,2]",
                                        "[2,1]",
                                        "[12]",
                                        "[[1],2]",
                                        "[[1,2]]",
                                        R"(["a","b"])",
                                        R"(["ab"])",
                                        R"(["a b"])",
                                        R"(["é"])",
                                        R"(["e\u0301"])",
                                        "[1e1]",
                                        "[-1]",
                                        "[0.1]",
                                        "[1e-2]",
                                        R"({"a":{"b":1}})",
                                        R"({"a":{},"b":1})",
                                        R"([{"a":1},{"b":2}])",
                                        R"([{"a":1,"b":2}])",
                                        R"(["\u0000"])",
                                        R"(["\u0000\u0000"])"};
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(canonical(values[i]), canonical(values[j])) << values[i] << values[j];
  }
}

TEST(canonical, members_are_sorted_by_code_point) {
  std::string names;
  const auto value = canonicaliser::of_thread().read(R"({"𐀀":1,"�":2,"b":3,"B":4,"aa":5,"a":6,"":7,"é":8})");
  ASSERT_TRUE(value);
  for (auto left = value->members(); const auto member = left.next();) names.append(member->name).append(" ");
  EXPECT_EQ(names, " B a aa b é � 𐀀 ");
}

struct refused_text {
  std::string_view name;
  std::string text;
  uncacheable_reason why;
};

class canonical_refusals : public ::testing::TestWithParam<refused_text> {};

TEST_P(canonical_refusals, hold) { EXPECT_EQ(refused(GetParam().text), GetParam().why) << GetParam().text; }

INSTANTIATE_TEST_SUITE_P(
    each, canonical_refusals,
    ::testing::Values(
        refused_text{"twin_members", R"({"a":1,"b":2,"a":1})", uncacheable_reason::ambiguous_body},
        refused_text{"twin_members_spelt_apart", R"({"a":1,"\u0061":1})", uncacheable_reason::ambiguous_body},
        refused_text{"twin_members_deep_inside", R"({"m":[{"x":{"a":1,"a":2}}]})", uncacheable_reason::ambiguous_body},
        refused_text{"invalid_utf8", "{\"a\":\"\xff\"}", uncacheable_reason::ambiguous_body},
        refused_text{"overlong_utf8", "{\"a\":\"\xc0\xaf\"}", uncacheable_reason::ambiguous_body},
        refused_text{"surrogate_in_utf8", "{\"a\":\"\xed\xa0\x80\"}", uncacheable_reason::ambiguous_body},
        refused_text{"cut_utf8", "{\"a\":\"\xe2\x82\"}", uncacheable_reason::ambiguous_body},
        refused_text{"lone_high_surrogate", R"({"a":"\ud83d"})", uncacheable_reason::ambiguous_body},
        refused_text{"lone_low_surrogate", R"({"a":"\ude00"})", uncacheable_reason::ambiguous_body},
        refused_text{"swapped_surrogates", R"({"a":"\ude00\ud83d"})", uncacheable_reason::ambiguous_body},
        refused_text{"high_surrogate_before_text", R"({"a":"\ud83dx"})", uncacheable_reason::ambiguous_body},
        refused_text{"high_surrogate_before_other_escape", R"({"a":"\ud83d\u0041"})",
                     uncacheable_reason::ambiguous_body},
        refused_text{"lone_surrogate_in_name", R"({"\ud83d":1})", uncacheable_reason::ambiguous_body},
        refused_text{"huge_exponent", R"({"a":1e9999999999})", uncacheable_reason::ambiguous_body},
        refused_text{"too_deep", nested(129), uncacheable_reason::too_deep},
        refused_text{"too_deep_objects", R"({"a":)" + nested(128) + "}", uncacheable_reason::too_deep},
        refused_text{"empty", "", uncacheable_reason::malformed_body},
        refused_text{"blank", " \n", uncacheable_reason::malformed_body},
        refused_text{"lone_string", R"("a")", uncacheable_reason::malformed_body},
        refused_text{"lone_number", "1", uncacheable_reason::malformed_body},
        refused_text{"second_value", "{} {}", uncacheable_reason::malformed_body},
        refused_text{"rubbish_behind", "{}x", uncacheable_reason::malformed_body},
        refused_text{"comma_behind", "{},", uncacheable_reason::malformed_body},
        refused_text{"zero_byte_behind", std::string("{}\0", 3), uncacheable_reason::malformed_body},
        refused_text{"cut_object", R"({"a":1)", uncacheable_reason::malformed_body},
        refused_text{"cut_array", "[1,2", uncacheable_reason::malformed_body},
        refused_text{"cut_string", R"({"a":"b)", uncacheable_reason::malformed_body},
        refused_text{"trailing_comma", R"({"a":1,})", uncacheable_reason::malformed_body},
        refused_text{"trailing_comma_in_array", "[1,]", uncacheable_reason::malformed_body},
        refused_text{"missing_comma", "[1 2]", uncacheable_reason::malformed_body},
        refused_text{"missing_colon", R"({"a" 1})", uncacheable_reason::malformed_body},
        refused_text{"colon_in_array", R"(["a":1])", uncacheable_reason::malformed_body},
        refused_text{"colon_after_number", "[1:2]", uncacheable_reason::malformed_body},
        refused_text{"name_without_quotes", "{a:1}", uncacheable_reason::malformed_body},
        refused_text{"name_without_value", R"({"a":})", uncacheable_reason::malformed_body},
        refused_text{"brackets_crossed", R"({"a":[1})", uncacheable_reason::malformed_body},
        refused_text{"brackets_swapped", "[1}", uncacheable_reason::malformed_body},
        refused_text{"leading_zero", "[01]", uncacheable_reason::malformed_body},
        refused_text{"plus_sign", "[+1]", uncacheable_reason::malformed_body},
        refused_text{"nan", "[NaN]", uncacheable_reason::malformed_body},
        refused_text{"misspelt_literal", "[nul]", uncacheable_reason::malformed_body},
        refused_text{"literal_with_tail", "[nulls]", uncacheable_reason::malformed_body},
        refused_text{"single_quotes", "['a']", uncacheable_reason::malformed_body},
        refused_text{"unknown_escape", R"(["\x41"])", uncacheable_reason::malformed_body},
        refused_text{"bad_digits_in_escape", R"(["\u00g1"])", uncacheable_reason::malformed_body},
        refused_text{"raw_control_character", "[\"a\nb\"]", uncacheable_reason::malformed_body},
        refused_text{"comment", "[1/*one*/]", uncacheable_reason::malformed_body},
        refused_text{"byte_order_mark", "\xef\xbb\xbf{}", uncacheable_reason::malformed_body}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(canonical, depth_of_128_is_taken) { EXPECT_EQ(refused(nested(128)), uncacheable_reason::none); }

TEST(canonical, a_large_text_is_read_like_a_small_one) {
  const std::string large = R"({"b":")" + std::string(3'000'000, 'x') + R"(","a":[1,2,3]})";
  const auto value = canonicaliser::of_thread().read(large);
  ASSERT_TRUE(value);
  EXPECT_EQ(value->find("b")->string()->size(), 3'000'000U);
  EXPECT_EQ(canonical(R"({"a":1})"), canonical(R"( {"a":1.0})"));
}

TEST(canonical, respelling_never_changes_the_bytes) {
  testing::random_source random{20'261'122};
  for (const auto* const text :
       {R"({"z":[1,2.5,-3,{"q":"\"\\\n","a":null}],"é":{"y":true,"x":{"b":{},"a":[]}},"m":"🏙 Perú"})",
        R"([[],{},"",0,{"n":12345678901234567,"m":{"l":{"k":[{"j":1,"i":2},{"h":3}]}}}])"}) {
    const auto value = boost::json::parse(text);
    const auto bytes = canonical(text);
    for (int round = 0; round < 300; ++round) {
      const auto other = testing::respell(value, random);
      ASSERT_EQ(canonical(other), bytes) << other;
    }
  }
}

TEST(canonical, a_value_can_be_looked_into) {
  const auto value = canonicaliser::of_thread().read(R"({"s":"a\tb","n":120,"x":1.5,"t":true,"l":[1,[2],"c"],"o":{}})");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->find("s")->string(), "a\tb");
  EXPECT_EQ(value->find("n")->integer(), 120);
  EXPECT_EQ(value->find("x")->integer(), std::nullopt);
  EXPECT_EQ(value->find("t")->boolean(), true);
  EXPECT_EQ(value->find("s")->integer(), std::nullopt);
  EXPECT_EQ(value->find("none"), std::nullopt);
  EXPECT_FALSE(value->find("o")->members().next());
  auto elements = value->find("l")->elements();
  EXPECT_EQ(elements.next()->integer(), 1);
  EXPECT_EQ(elements.next()->elements().next()->integer(), 2);
  EXPECT_EQ(elements.next()->string(), "c");
  EXPECT_FALSE(elements.next());
}

}  // namespace
}  // namespace refrain::provider
