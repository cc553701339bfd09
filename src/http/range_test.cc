#include "http/range.h"

#include <gtest/gtest.h>

#include <string>

namespace refrain::http {
namespace {

using extent = byte_range::extent;

struct range_rule {
  std::string_view name;
  std::string_view field;
  byte_range expected;
};

class ranges_of_ten_bytes : public testing::TestWithParam<range_rule> {};

TEST_P(ranges_of_ten_bytes, are_chosen) { EXPECT_EQ(choose_range(GetParam().field, 10), GetParam().expected); }

constexpr byte_range whole{};
constexpr byte_range out_of_reach{.what = extent::out_of_reach};

constexpr byte_range part(std::uint64_t offset, std::uint64_t size) {
  return {.what = extent::part, .offset = offset, .size = size};
}

INSTANTIATE_TEST_SUITE_P(
    each, ranges_of_ten_bytes,
    testing::Values(range_rule{"first", "bytes=0-3", part(0, 4)}, range_rule{"middle", "bytes=3-3", part(3, 1)},
                    range_rule{"open", "bytes=4-", part(4, 6)}, range_rule{"from_the_start", "bytes=0-", part(0, 10)},
                    range_rule{"last", "bytes=-3", part(7, 3)}, range_rule{"more_than_all", "bytes=-30", part(0, 10)},
                    range_rule{"past_the_end", "bytes=8-20", part(8, 2)},
                    range_rule{"unit_in_capitals", "Bytes=8-9", part(8, 2)},
                    range_rule{"behind_the_end", "bytes=10-", out_of_reach},
                    range_rule{"none_at_the_end", "bytes=-0", out_of_reach}, range_rule{"absent", "", whole},
                    range_rule{"several", "bytes=0-1,4-5", whole}, range_rule{"another_unit", "seconds=0-1", whole},
                    range_rule{"backwards", "bytes=5-4", whole}, range_rule{"no_numbers", "bytes=a-b", whole},
                    range_rule{"no_dash", "bytes=5", whole}, range_rule{"a_dash", "bytes=-", whole},
                    range_rule{"signed", "bytes=+1-2", whole},
                    range_rule{"too_large_a_number", "bytes=0-99999999999999999999", whole}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(ranges, of_nothing_are_out_of_reach) {
  EXPECT_EQ(choose_range("bytes=0-", 0), out_of_reach);
  EXPECT_EQ(choose_range("bytes=-1", 0), out_of_reach);
}

TEST(tags, are_found_in_lists) {
  EXPECT_TRUE(names_tag(R"("a")", R"("a")"));
  EXPECT_TRUE(names_tag(R"("b", W/"a" ,"c")", R"("a")"));
  EXPECT_TRUE(names_tag(R"("x,y","a")", R"("a")"));
  for (const auto* const field : {"", "*", "a", R"("aa")", R"("a)", R"("A")"}) EXPECT_FALSE(names_tag(field, R"("a")"));
}

}  // namespace
}  // namespace refrain::http
