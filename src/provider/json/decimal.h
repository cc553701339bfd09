#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace refrain::provider {

enum class decimal_fault : std::uint8_t {
  none,
  not_a_number,        ///< not what RFC 8259, section 6, calls a number
  exponent_too_large,  ///< written with an exponent of ten digits or more, which no reader takes as it stands
};

/// Appends a JSON number's exact value in the one spelling it has here: an integer without trailing zeros, `e`, the
/// power of ten that it is multiplied by; just `0` for zero of either sign. `1`, `1.0`, `10e-1` all give `1e0`.
/// On a fault nothing is appended.
[[nodiscard]] decimal_fault append_decimal(std::string_view token, std::string& out);

/// The number that a JSON token is, as near as a double comes; nothing where it is none, or not finite.
[[nodiscard]] std::optional<double> number_of(std::string_view token) noexcept;

/// The value of such a spelling, if it is an integer of 64 bits.
[[nodiscard]] std::optional<std::int64_t> decimal_to_integer(std::string_view decimal) noexcept;

}  // namespace refrain::provider
