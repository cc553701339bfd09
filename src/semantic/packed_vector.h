#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace refrain::semantic {

/// A vector of length 1 in a byte a number, each times one scale: cosines differ by less than 0.004.
struct packed_vector {
  float scale = 0;
  std::vector<std::int8_t> values;

  /// The scale as a little-endian float, then the values, in base64.
  [[nodiscard]] std::string to_base64() const;
  /// Undoes it; nothing where it is none of so many numbers.
  [[nodiscard]] static std::optional<packed_vector> from_base64(std::string_view text, std::size_t width);
};

[[nodiscard]] packed_vector pack(std::span<const float> vector);

/// The sum of the products of bytes, by the widest registers that the machine has.
[[nodiscard]] std::int32_t dot(const std::int8_t* one, const std::int8_t* other, std::size_t n) noexcept;

/// All ways to compute it that the machine has, the fastest first.
using dot_function = std::int32_t (*)(const std::int8_t* one, const std::int8_t* other, std::size_t n);
[[nodiscard]] std::vector<dot_function> dot_functions();

/// The cosine of two vectors of length 1.
[[nodiscard]] double cosine_of(std::span<const float> one, std::span<const float> other) noexcept;

}  // namespace refrain::semantic
