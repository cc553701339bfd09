#include "net/gather.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "support/net/loop.h"

namespace refrain::net {
namespace {

task<int> tell(std::shared_ptr<std::vector<int>> order, int number, std::chrono::milliseconds after) {
  order->push_back(number);
  co_await sleep_for(after);
  order->push_back(number);
  co_return number;
}

task<int> throw_up() {
  throw std::runtime_error{"a bug"};
  co_return 1;
}

TEST(gathered_coroutines, run_beside_each_other_and_answer_in_their_order) {
  running_loop loop;
  const auto order = std::make_shared<std::vector<int>>();
  std::vector<task<int>> work;
  work.push_back(tell(order, 1, std::chrono::milliseconds{20}));
  work.push_back(tell(order, 2, std::chrono::milliseconds{0}));
  EXPECT_EQ(loop.run(gather(std::move(work))), (std::vector{1, 2}));
  EXPECT_EQ(*order, (std::vector{1, 2, 2, 1}));
}

TEST(gathered_coroutines, may_be_none) {
  running_loop loop;
  EXPECT_TRUE(loop.run(gather(std::vector<task<int>>{})).empty());
}

TEST(gathered_coroutines, leave_nothing_where_they_throw) {
  running_loop loop;
  std::vector<task<int>> work;
  work.push_back(throw_up());
  EXPECT_EQ(loop.run(gather(std::move(work))), (std::vector{0}));
}

}  // namespace
}  // namespace refrain::net
