// A Redis that lives and answers nothing, while clients keep asking.
#include <gtest/gtest.h>

#include "soak/under_load.h"

namespace refrain::tests {
namespace {

using namespace std::chrono_literals;

class paused : public under_load {};

TEST_F(paused, for_a_while_goes_unnoticed) {
  begin(server_.url(), {.clients = 50, .breath = 100ms});
  server_.pause();
  ASSERT_TRUE(goes_away());
  const auto end = std::chrono::steady_clock::now() + (is_long_soak() ? 90s : 4s);
  for (int n = 0; std::chrono::steady_clock::now() < end; ++n) (void)outcome(n % 10);
  const auto asleep = crowd_->so_far();
  EXPECT_TRUE(becomes_true([&] { return crowd_->so_far().answered > asleep.answered + 100; }));
  EXPECT_EQ(crowd_->so_far().hits, asleep.hits);
  server_.resume();
  ASSERT_TRUE(comes_back());
  EXPECT_TRUE(all_are_hits());
  expect_unnoticed();
}

}  // namespace
}  // namespace refrain::tests
