#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace refrain::entry {

/// `cache_type` of the metrics, first part of a key's name.
enum class cache_type : std::uint8_t { llm, embedding, tts, stt, image, text };

inline constexpr std::int64_t cache_type_count = 6;

[[nodiscard]] std::string_view to_string(cache_type type) noexcept;
[[nodiscard]] std::optional<cache_type> cache_type_from(std::string_view text) noexcept;

}  // namespace refrain::entry
