#pragma once

#include <cstdint>

namespace refrain::mock {

/// A row of pseudo-random numbers (SplitMix64) that a seed and a call's number decide alone.
/// Not for secrets. One object belongs to one thread.
class dice {
 public:
  constexpr dice(std::uint64_t seed, std::uint64_t call) noexcept : state_(mix(seed) ^ call) {}

  [[nodiscard]] constexpr std::uint64_t next() noexcept { return mix(state_ += 0x9e3779b97f4a7c15U); }

  /// Even over [0, 1).
  [[nodiscard]] constexpr double share() noexcept { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }

 private:
  static constexpr std::uint64_t mix(std::uint64_t x) noexcept {
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
  }

  std::uint64_t state_;
};

}  // namespace refrain::mock
