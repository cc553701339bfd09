#pragma once

#include <chrono>
#include <cstdint>

#include "base/clock.h"

namespace refrain::base {

/// Keeps a flood out of the log: so many lines in a time, and the rest is silence. For one thread.
class log_limit {
 public:
  constexpr log_limit(std::uint64_t most, std::chrono::seconds in) noexcept : most_(most), in_(in) {}

  /// Whether a line may be written now.
  [[nodiscard]] bool allows(steady_time now) noexcept {
    if (now - began_ >= in_) {
      began_ = now;
      asked_ = 0;
    }
    const bool allowed = asked_++ < most_;
    if (!allowed) ++withheld_;
    return allowed;
  }

  /// How many lines were not written since this was last asked.
  [[nodiscard]] std::uint64_t take_withheld() noexcept {
    const auto count = withheld_;
    withheld_ = 0;
    return count;
  }

 private:
  std::uint64_t most_;
  std::chrono::seconds in_;
  steady_time began_{};
  std::uint64_t asked_ = 0;
  std::uint64_t withheld_ = 0;
};

}  // namespace refrain::base
