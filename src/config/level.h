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

[[nodiscard]] std::string_view to_string(optimization_level level) noexcept;
[[nodiscard]] std::optional<optimization_level> level_from(std::string_view text) noexcept;

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
