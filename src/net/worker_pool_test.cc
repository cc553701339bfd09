#include "net/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <thread>

#include "support/net/run_to_end.h"

namespace refrain::net {
namespace {

task<std::pair<base::result<std::thread::id>, std::thread::id>> ask(worker_pool& pool) {
  auto work = [] { return base::result<std::thread::id>{std::this_thread::get_id()}; };
  auto there = co_await pool.run(std::move(work));
  co_return std::pair{std::move(there), std::this_thread::get_id()};
}

TEST(worker_pool, works_elsewhere_and_comes_back) {
  worker_pool pool(1, 10);
  const auto [there, here] = run_to_end(ask(pool));
  ASSERT_TRUE(there.has_value());
  EXPECT_NE(*there, std::this_thread::get_id());
  EXPECT_EQ(here, std::this_thread::get_id());
}

task<base::errc> fail_there(worker_pool& pool) {
  auto work = []() -> base::result<int> { return base::fail(base::errc::io); };
  const auto answer = co_await pool.run(std::move(work));
  co_return answer ? base::errc::internal : answer.error().code;
}

TEST(worker_pool, hands_errors_on) {
  worker_pool pool(1, 10);
  EXPECT_EQ(run_to_end(fail_there(pool)), base::errc::io);
}

TEST(worker_pool, refuses_when_its_queue_is_full) {
  worker_pool pool(1, 0);
  EXPECT_EQ(run_to_end(fail_there(pool)), base::errc::overloaded);
}

task<int> add_up(worker_pool& pool) {
  int sum = 0;
  for (int i = 1; i <= 100; ++i) {
    auto work = [i] { return base::result<int>{i}; };
    const auto answer = co_await pool.run(std::move(work));
    sum += answer.value_or(0);
  }
  co_return sum;
}

/// How often work was still there when its caller went on.
task<int> count_left(worker_pool& pool) {
  int left = 0;
  for (int i = 0; i < 200; ++i) {
    std::atomic<bool> gone{false};
    std::shared_ptr<void> held{nullptr, [&gone](void*) { gone = true; }};
    auto work = [held = std::move(held)] { return base::result<int>{1}; };
    const auto answer = co_await pool.run(std::move(work));
    left += answer && !gone ? 1 : 0;
    while (!gone) std::this_thread::yield();
  }
  co_return left;
}

TEST(worker_pool, lets_go_of_work_before_its_caller_goes_on) {
  worker_pool pool(1, 10);
  EXPECT_EQ(run_to_end(count_left(pool)), 0);
}

TEST(worker_pool, serves_several_loops_at_once) {
  worker_pool pool(2, 100);
  std::vector<std::future<int>> loops;
  for (int i = 0; i < 4; ++i)
    loops.push_back(std::async(std::launch::async, [&pool] { return run_to_end(add_up(pool)); }));
  for (auto& one : loops) EXPECT_EQ(one.get(), 5050);
}

}  // namespace
}  // namespace refrain::net
