#pragma once

#include <atomic>
#include <chrono>

namespace refrain::base {

using sys_seconds = std::chrono::sys_seconds;
using steady_time = std::chrono::steady_clock::time_point;

/// Time, injected. Wall time for what outlives the process, steady time for what is measured or waited for.
/// Implementations are safe to call from any thread.
class clock {
 public:
  virtual ~clock() = default;
  [[nodiscard]] virtual std::chrono::system_clock::time_point now() const = 0;
  [[nodiscard]] virtual steady_time steady() const = 0;
  [[nodiscard]] sys_seconds seconds() const { return std::chrono::floor<std::chrono::seconds>(now()); }
};

/// The machine's clocks.
[[nodiscard]] const clock& system_clock() noexcept;

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
