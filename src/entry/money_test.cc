#include "entry/money.h"

#include <gtest/gtest.h>

#include <limits>

namespace refrain::entry {
namespace {

constexpr micro_usd most{std::numeric_limits<std::int64_t>::max()};
constexpr micro_usd least{std::numeric_limits<std::int64_t>::min()};

TEST(money, adds_up) {
  micro_usd sum{2};
  sum += {3};
  EXPECT_EQ(sum + micro_usd{-1}, micro_usd{4});
}

/// A store's counters are read from a file, and that may say anything.
TEST(money, stays_at_its_limit_where_a_sum_would_go_beyond) {
  EXPECT_EQ(most + micro_usd{1}, most);
  EXPECT_EQ(least + micro_usd{-1}, least);
  micro_usd sum = most;
  sum += most;
  EXPECT_EQ(sum, most);
}

TEST(money, is_shown_with_six_decimals) {
  EXPECT_EQ(to_string(micro_usd{1'234}), "0.001234");
  EXPECT_EQ(to_string(micro_usd{-1'500'000}), "-1.500000");
  EXPECT_EQ(to_string(least), "-9223372036854.775808");
}

}  // namespace
}  // namespace refrain::entry
