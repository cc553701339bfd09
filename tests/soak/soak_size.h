#pragma once

#include <cstdlib>
#include <random>
#include <string>

namespace refrain::tests {

/// Whether the tests at hand are to take their long form: `make soak` sets REFRAIN_SOAK.
[[nodiscard]] inline bool is_long_soak() { return std::getenv("REFRAIN_SOAK") != nullptr; }

/// REFRAIN_SEED, to play a failure again; another each time in the long form, and `usual` in the short one.
[[nodiscard]] inline std::uint64_t soak_seed(std::uint64_t usual) {
  if (const char* const told = std::getenv("REFRAIN_SEED")) return std::strtoull(told, nullptr, 10);
  return is_long_soak() ? std::random_device{}() : usual;
}

}  // namespace refrain::tests
