#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace refrain::redis {

/// How long a reply may take (docs/reliability.md, invariant 3): its first byte within four smoothed round trips,
/// though at least 50 ms and at most 500 ms; then 50 ms without a further byte. A fixed deadline takes the place of the
/// first. The round trip is smoothed as TCP does it (RFC 6298, section 2).
class reply_timeout {
 public:
  using duration = std::chrono::microseconds;

  explicit reply_timeout(std::optional<std::chrono::milliseconds> fixed = std::nullopt) noexcept : fixed_(fixed) {}

  void saw(duration round_trip) noexcept {
    smoothed_ = smoothed_ == duration{0} ? round_trip : smoothed_ + (round_trip - smoothed_) / 8;
  }
  [[nodiscard]] duration first_byte() const noexcept { return fixed_.value_or(std::clamp(smoothed_ * 4, least, most)); }
  [[nodiscard]] duration between_bytes() const noexcept { return fixed_.value_or(least); }

 private:
  static constexpr duration least{50'000};
  static constexpr duration most{500'000};

  std::optional<duration> fixed_;
  duration smoothed_{0};  ///< round trip; zero until one was seen
};

}  // namespace refrain::redis
