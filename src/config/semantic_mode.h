#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace refrain::config {

/// How far the answers to similar questions may stand in. From the strictest on.
enum class semantic_mode : std::uint8_t {
  off,        ///< not at all
  observe,    ///< not at all, but it is learned how right they would be
  verified,   ///< where evidence bounds the share of wrong ones
  threshold,  ///< where the questions are at least as similar as the operator says
};

inline constexpr std::array<std::string_view, 4> semantic_mode_names{"off", "observe", "verified", "threshold"};

[[nodiscard]] constexpr std::string_view to_string(semantic_mode mode) noexcept {
  return semantic_mode_names[static_cast<std::size_t>(mode)];
}

[[nodiscard]] constexpr std::optional<semantic_mode> semantic_mode_from(std::string_view text) noexcept {
  for (std::size_t at = 0; at < semantic_mode_names.size(); ++at) {
    if (text == semantic_mode_names[at]) return static_cast<semantic_mode>(at);
  }
  return std::nullopt;
}

}  // namespace refrain::config
