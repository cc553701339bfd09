#pragma once

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
class machine_clock final : public clock {
 public:
  [[nodiscard]] std::chrono::system_clock::time_point now() const override { return std::chrono::system_clock::now(); }
  [[nodiscard]] steady_time steady() const override { return std::chrono::steady_clock::now(); }
};
[[nodiscard]] inline const clock& system_clock() noexcept {
  static const machine_clock instance;
  return instance;
}

}  // namespace refrain::base
