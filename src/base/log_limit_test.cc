#include "base/log_limit.h"

#include <gtest/gtest.h>

namespace refrain::base {
namespace {

using namespace std::chrono_literals;

constexpr steady_time begin{100h};

TEST(log_limit, allows_so_many_lines_in_a_time_and_then_again) {
  log_limit lines{2, 60s};
  EXPECT_TRUE(lines.allows(begin));
  EXPECT_TRUE(lines.allows(begin + 59s));
  EXPECT_FALSE(lines.allows(begin + 59s));
  EXPECT_TRUE(lines.allows(begin + 60s));
}

TEST(log_limit, counts_what_was_not_written) {
  log_limit lines{1, 1s};
  EXPECT_EQ(lines.take_withheld(), 0u);
  for (int i = 0; i < 5; ++i) (void)lines.allows(begin);
  EXPECT_EQ(lines.take_withheld(), 4u);
  EXPECT_EQ(lines.take_withheld(), 0u);
}

}  // namespace
}  // namespace refrain::base
