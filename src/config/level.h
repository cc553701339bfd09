#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace refrain::config {

/// How a voice platform weighs quality against speed; here it sets how long answers are kept.
enum class optimization_level : std::uint8_t { quality, balanced_quality, balanced, balanced_speed, speed };

inline constexpr std::size_t level_count = 5;

inline constexpr std::array<std::string_view, level_count> level_names{"quality", "balanced_quality", "balanced",
                                                                       "balanced_speed", "speed"};

[[nodiscard]] constexpr std::string_view to_string(optimization_level level) noexcept {
  return level_names[static_cast<std::size_t>(level)];
}

[[nodiscard]] constexpr std::optional<optimization_level> level_from(std::string_view text) noexcept {
  for (std::size_t at = 0; at < level_count; ++at) {
    if (text == level_names[at]) return static_cast<optimization_level>(at);
  }
  return std::nullopt;
}

/// A TTL for each level.
using ttl_table = std::array<std::chrono::seconds, level_count>;

inline constexpr ttl_table default_llm_ttl{std::chrono::seconds{3600}, std::chrono::seconds{2400},
                                           std::chrono::seconds{1800}, std::chrono::seconds{1200},
                                           std::chrono::seconds{600}};
inline constexpr ttl_table default_tts_ttl{std::chrono::seconds{1800}, std::chrono::seconds{1800},
                                           std::chrono::seconds{900}, std::chrono::seconds{300},
                                           std::chrono::seconds{300}};

[[nodiscard]] constexpr std::chrono::seconds ttl_at(const ttl_table& table, optimization_level level) noexcept {
  return table[static_cast<std::size_t>(level)];
}

}  // namespace refrain::config
