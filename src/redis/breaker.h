#pragma once

#include <array>
#include <chrono>
#include <cstddef>

#include "base/clock.h"

namespace refrain::redis {

/// Says when a node is not worth asking (docs/reliability.md, invariant 3): after five failures in a row, or when half
/// of the twenty latest operations failed within one second. Whoever asks then loses no time; one probe, off the
/// request's way, finds out when the node is back. Not for several threads at once.
class breaker {
 public:
  [[nodiscard]] bool is_open() const noexcept { return open_; }

  void succeeded(base::steady_time now) noexcept;
  void failed(base::steady_time now) noexcept;
  /// A probe was answered: the node starts afresh.
  void close() noexcept;

 private:
  static constexpr std::size_t in_a_row = 5;
  static constexpr std::size_t window = 20;
  static constexpr std::chrono::seconds span{1};

  struct outcome {
    base::steady_time when;
    bool failed = false;
  };

  void remember(base::steady_time now, bool failed) noexcept;

  std::array<outcome, window> latest_{};
  std::size_t next_ = 0;
  std::size_t known_ = 0;  ///< how many of `latest_` are filled
  std::size_t failures_in_a_row_ = 0;
  bool open_ = false;
};

}  // namespace refrain::redis
