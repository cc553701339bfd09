#include "net/deadline.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "support/net/loop.h"

namespace refrain::net {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

class deadline_rules : public testing::Test {
 protected:
  /// Lets the loop work for so long.
  static task<bool> pass(std::chrono::milliseconds time) {
    co_await sleep_for(time);
    co_return true;
  }
  void let_pass(std::chrono::milliseconds time) { loop_.run(pass(time)); }
  std::unique_ptr<deadline> make(std::function<void()> expire) {
    return std::make_unique<deadline>(loop_.loop().timeouts(), std::move(expire));
  }
  void on_loop(std::function<void()> what) { loop_.perform(std::move(what)); }

  running_loop loop_;
};

TEST_F(deadline_rules, fall_due_once_and_not_early) {
  std::promise<clock::time_point> fell;
  int count = 0;
  auto one = make([&] {
    if (count++ == 0) fell.set_value(clock::now());
  });
  const auto armed = clock::now();
  on_loop([&] { one->arm(30ms); });
  EXPECT_GE(fell.get_future().get() - armed, 30ms);
  let_pass(3 * deadlines::grain);
  on_loop([&] {
    EXPECT_FALSE(one->armed());
    EXPECT_EQ(count, 1);
    one.reset();
  });
}

TEST_F(deadline_rules, do_not_fall_due_once_disarmed) {
  bool fell = false;
  auto one = make([&] { fell = true; });
  auto gone = make([&] { fell = true; });
  on_loop([&] {
    one->arm(1ms);
    gone->arm(1ms);
    one->disarm();
    one->disarm();
    gone.reset();
    EXPECT_FALSE(one->armed());
  });
  let_pass(3 * deadlines::grain);
  on_loop([&] {
    EXPECT_FALSE(fell);
    one.reset();
  });
}

TEST_F(deadline_rules, start_anew_when_armed_again) {
  bool fell = false;
  auto one = make([&] { fell = true; });
  on_loop([&] {
    one->arm(1ms);
    one->arm(1h);
  });
  let_pass(3 * deadlines::grain);
  on_loop([&] {
    EXPECT_FALSE(fell);
    EXPECT_TRUE(one->armed());
    one.reset();
  });
}

TEST_F(deadline_rules, may_arm_disarm_and_destroy_others_as_they_fall_due) {
  std::promise<void> again;
  bool wrong = false;
  std::unique_ptr<deadline> victim;
  std::unique_ptr<deadline> survivor;
  std::unique_ptr<deadline> first;
  int times = 0;
  on_loop([&] {
    victim = make([&] { wrong = true; });
    survivor = make([&] { wrong = true; });
    first = make([&] {
      victim.reset();
      survivor->disarm();
      if (++times < 3) {
        first->arm(1ms);
      } else {
        again.set_value();
      }
    });
    victim->arm(1ms);
    survivor->arm(1ms);
    first->arm(0ms);
  });
  again.get_future().get();
  on_loop([&] {
    EXPECT_FALSE(wrong);
    survivor.reset();
    first.reset();
  });
}

TEST_F(deadline_rules, may_destroy_themselves_as_they_fall_due) {
  std::promise<void> fell;
  std::unique_ptr<deadline> one;
  on_loop([&] {
    one = make([&] {
      one.reset();
      fell.set_value();
    });
    one->arm(1ms);
  });
  fell.get_future().get();
}

TEST_F(deadline_rules, fall_due_however_many_are_armed) {
  constexpr int many = 1000;
  int fell = 0;
  std::promise<void> all;
  std::vector<std::unique_ptr<deadline>> each;
  on_loop([&] {
    for (int i = 0; i < many; ++i) {
      each.push_back(make([&] {
        if (++fell == many / 2) all.set_value();
      }));
      each.back()->arm(i % 2 == 0 ? std::chrono::milliseconds{i % 40} : 1h);
    }
  });
  all.get_future().get();
  on_loop([&] {
    EXPECT_EQ(fell, many / 2);
    each.clear();
  });
}

task<> hold(std::shared_ptr<deadline> limit) {
  limit->arm(1h);
  co_await sleep_for(1h);
}

TEST(loops, may_end_before_their_coroutines) {
  std::weak_ptr<deadline> left;
  {
    running_loop loop;
    auto one = std::make_shared<deadline>(loop.loop().timeouts(), [] {});
    left = one;
    spawn(loop.loop().get_executor(), hold(std::move(one)));
    loop.perform([] {});
    EXPECT_FALSE(left.expired());
  }
  EXPECT_TRUE(left.expired());
}

task<> throw_up() {
  throw std::runtime_error("on purpose");
  co_return;
}

TEST(loops, outlive_a_task_that_throws) {
  running_loop loop;
  testing::internal::CaptureStderr();
  spawn(loop.loop().get_executor(), throw_up());
  for (int turn = 0; turn < 10; ++turn) loop.perform([] {});
  EXPECT_TRUE(testing::internal::GetCapturedStderr().contains("on purpose"));
}

}  // namespace
}  // namespace refrain::net
