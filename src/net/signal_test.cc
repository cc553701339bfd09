#include "net/signal.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "support/net/loop.h"

namespace refrain::net {
namespace {

/// A number that grows, as a recording does.
struct counter {
  std::mutex mutex;
  int value = 0;  ///< guarded by mutex
  signal changed{};

  int look() {
    const std::lock_guard guard{mutex};
    return value;
  }
  void raise_to(int to) {
    {
      const std::lock_guard guard{mutex};
      value = to;
    }
    changed.raise();
  }
};

/// Waits until the number has come so far; the last that it saw.
task<int> wait_until(std::shared_ptr<counter> one, int wanted) {
  while (true) {
    const auto seen = one->changed.version();
    const int now = one->look();
    if (now >= wanted) co_return now;
    co_await one->changed.wait_past(seen);
  }
}

TEST(signals, are_not_waited_for_where_they_have_been) {
  running_loop loop;
  const auto one = std::make_shared<counter>();
  const auto seen = one->changed.version();
  one->changed.raise();
  EXPECT_GT(one->changed.version(), seen);
  one->raise_to(1);
  EXPECT_EQ(loop.run(wait_until(one, 1)), 1);
}

TEST(signals, wake_all_who_wait) {
  running_loop loops[2];
  const auto one = std::make_shared<counter>();
  std::vector<std::future<int>> waiting;
  for (int i = 0; i < 10; ++i) waiting.push_back(loops[i % 2].start(wait_until(one, 1)));
  one->raise_to(1);
  for (auto& each : waiting) EXPECT_EQ(each.get(), 1);
}

task<std::thread::id> wait_where(std::shared_ptr<counter> one) {
  (void)co_await wait_until(one, 1);
  co_return std::this_thread::get_id();
}

task<std::thread::id> thread_of() { co_return std::this_thread::get_id(); }

TEST(signals, wake_each_on_its_own_thread) {
  running_loop loops[2];
  const auto one = std::make_shared<counter>();
  std::future<std::thread::id> waiting[2];
  for (int i = 0; i < 2; ++i) waiting[i] = loops[i].start(wait_where(one));
  for (auto& each : loops) each.perform([] {});
  one->raise_to(1);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(waiting[i].get(), loops[i].run(thread_of()));
}

/// A lost wake-up would leave a waiter for ever; the test would end by its time limit.
TEST(signals, are_never_lost) {
  constexpr int rounds = 3000;
  running_loop loops[3];
  const auto one = std::make_shared<counter>();
  std::vector<std::future<int>> waiting;
  for (int i = 0; i < 30; ++i) {
    for (int step = 1; step <= 10; ++step) {
      waiting.push_back(loops[i % 3].start(wait_until(one, rounds * step / 10)));
    }
  }
  std::vector<std::thread> raising;
  for (int writer = 0; writer < 3; ++writer) {
    raising.emplace_back([&one] {
      for (int i = 0; i < rounds; ++i) {
        {
          const std::lock_guard guard{one->mutex};
          ++one->value;
        }
        one->changed.raise();
      }
    });
  }
  for (auto& each : raising) each.join();
  for (auto& each : waiting) EXPECT_LE(each.get(), 3 * rounds);
}

/// Two coroutines of different loops wake each other in turn: each wake-up counts.
task<int> play(std::shared_ptr<counter> mine, std::shared_ptr<counter> theirs, int turns) {
  for (int i = 1; i <= turns; ++i) {
    theirs->raise_to(i);
    (void)co_await wait_until(mine, i);
  }
  co_return turns;
}

TEST(signals, pass_to_and_fro_between_loops) {
  running_loop loops[2];
  const auto a = std::make_shared<counter>();
  const auto b = std::make_shared<counter>();
  auto one = loops[0].start(play(a, b, 5000));
  auto two = loops[1].start(play(b, a, 5000));
  EXPECT_EQ(one.get() + two.get(), 10'000);
}

task<> hold_until(std::shared_ptr<counter> one, std::shared_ptr<counter> /*held*/) {
  (void)co_await wait_until(one, 1);
}

TEST(signals, do_not_keep_those_whose_loop_has_gone_and_may_be_raised_all_the_same) {
  const auto one = std::make_shared<counter>();
  auto held = std::make_shared<counter>();
  const std::weak_ptr<counter> watched = held;
  {
    loop home;
    spawn(home.get_executor(), hold_until(one, std::move(held)));
    (void)home.context().poll();
    EXPECT_FALSE(watched.expired());
  }
  EXPECT_TRUE(watched.expired());
  one->raise_to(1);
}

}  // namespace
}  // namespace refrain::net
