#pragma once

#include <atomic>
#include <chrono>

#include "base/clock.h"

namespace refrain::base {

/// A clock that stands still until told to move: for tests.
class manual_clock final : public clock {
 public:
  explicit manual_clock(sys_seconds start = sys_seconds{std::chrono::seconds{1'800'000'000}}) : start_(start) {}
  [[nodiscard]] std::chrono::system_clock::time_point now() const override { return start_ + passed_.load(); }
  [[nodiscard]] steady_time steady() const override { return steady_time{passed_.load()}; }
  void advance(std::chrono::nanoseconds by) { passed_ = passed_.load() + by; }

 private:
  sys_seconds start_;
  std::atomic<std::chrono::nanoseconds> passed_{std::chrono::nanoseconds{0}};
};

}  // namespace refrain::base
