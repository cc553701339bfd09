#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "soak/soak_size.h"
#include "support/base/manual_clock.h"
#include "support/crowd.h"
#include "support/redis_gateway.h"

namespace refrain::tests {

/// A gateway without memory of its own over a Redis of any kind, a crowd that keeps asking it, and time that goes by.
class under_load : public redis_gateway_test {
 protected:
  ~under_load() override { end(); }

  /// Opens the gateway and lets the crowd in, once a hit has come.
  void begin(const std::string& url, crowd::habits how = {}) {
    how.seed = seed_;
    prompts_ = how.prompts;
    began_ = std::chrono::steady_clock::now();
    open(url);
    time_ = std::jthread{[clock = &at_work_->clock()](const std::stop_token& over) { pass(*clock, over); }};
    ASSERT_TRUE(hits_come());
    crowd_ = std::make_unique<crowd>(at_work_->port(), how);
    ASSERT_TRUE(all_are_hits());
  }

  /// Whether each prompt, and so each part of the data, comes to be answered from Redis: soon, not at once.
  bool all_are_hits() {
    for (int n = 0; n < prompts_; ++n) {
      if (!becomes_true([&] { return outcome(n) == "HIT"; })) return false;
    }
    return true;
  }
  /// Asks `what` again and again until it holds; false after a minute.
  template <class F>
  static bool becomes_true(F what) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes{1};
    while (!what()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    return true;
  }

  /// Sends the crowd home: none of them may have noticed anything.
  void expect_unnoticed() {
    const auto all = crowd_->leave();
    RecordProperty("story", all.story());
    EXPECT_EQ(all.failed, 0u) << "seed " << seed_ << ": " << all.story();
    EXPECT_GT(all.hits, 0u) << all.story();
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(std::chrono::steady_clock::now() - began_);
    end();
    expect_few_lines(static_cast<int>(minutes.count()));
  }

  const std::uint64_t seed_ = soak_seed(20261126);
  std::unique_ptr<crowd> crowd_;

 private:
  void end() {
    crowd_.reset();
    time_ = {};
  }
  /// Lets the gateway's time go by as ours does.
  static void pass(base::manual_clock& inside, const std::stop_token& over) {
    auto before = std::chrono::steady_clock::now();
    while (!over.stop_requested()) {
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
      const auto now = std::chrono::steady_clock::now();
      inside.advance(now - std::exchange(before, now));
    }
  }

  std::jthread time_;
  std::chrono::steady_clock::time_point began_;
  int prompts_ = 0;
};

}  // namespace refrain::tests
