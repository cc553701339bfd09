#include "provider/rules/keyed_query.h"

#include <gtest/gtest.h>

#include <array>

namespace refrain::provider {
namespace {

constexpr std::array denylist{unkeyed_member{"tag", "a label"}};
constexpr std::array defaults{stated_parameter{"output_format", "mp3_44100_128"}};

entry::parsed_request read(std::string_view query) {
  entry::parsed_request parsed;
  keyed_query{query}.add_to(parsed, denylist, defaults);
  return parsed;
}

struct pair_of_queries {
  std::string_view name;
  std::string_view one;
  std::string_view other;
  bool same;
};

class keyed_queries : public testing::TestWithParam<pair_of_queries> {};

TEST_P(keyed_queries, hold) {
  const auto& [name, one, other, same] = GetParam();
  EXPECT_EQ(read(one).content == read(other).content, same);
  EXPECT_EQ(read(one).fields == read(other).fields, same);
}

INSTANTIATE_TEST_SUITE_P(
    each, keyed_queries,
    testing::Values(pair_of_queries{"order_is_nothing", "a=1&b=2", "b=2&a=1", true},
                    pair_of_queries{"a_default_is_as_if_absent", "a=1&output_format=mp3_44100_128", "a=1", true},
                    pair_of_queries{"a_default_is_known_when_escaped", "output%5Fformat=mp3%5F44100_128", "", true},
                    pair_of_queries{"another_value_is_none", "output_format=pcm_8000", "", false},
                    pair_of_queries{"a_default_that_is_sent_twice_is_none",
                                    "output_format=mp3_44100_128&output_format=pcm_8000", "output_format=pcm_8000",
                                    false},
                    pair_of_queries{"what_nobody_knows_counts", "x=1", "", false},
                    pair_of_queries{"no_value_is_not_an_empty_value", "x", "x=", false},
                    pair_of_queries{"the_denylist_is_left_out", "tag=a&tag=b&x=1", "x=1", true}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(keyed_query, tells_what_a_parameter_says) {
  const keyed_query asked{"model=aura%2D2&empty=&bare&model=other"};
  EXPECT_EQ(asked.value_or("model", "x"), "aura-2");
  EXPECT_EQ(asked.value_or("empty", "x"), "");
  EXPECT_EQ(asked.value_or("bare", "x"), "");
  EXPECT_EQ(asked.value_or("absent", "x"), "x");
  EXPECT_TRUE(asked.has("bare"));
  EXPECT_FALSE(asked.has("absent"));
}

TEST(keyed_query, names_its_fields_with_a_question_mark) {
  const auto parsed = read("x=1");
  ASSERT_EQ(parsed.fields.size(), 1U);
  EXPECT_EQ(parsed.fields[0].name, "?x");
}

}  // namespace
}  // namespace refrain::provider
