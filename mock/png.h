#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace refrain::mock {

/// A PNG image (ISO/IEC 15948) of 8 by 8 pixels in one colour, with `comment` as its text under the keyword "Comment".
/// Its data are not compressed (RFC 1950, RFC 1951): any reader takes it, and no library makes it.
[[nodiscard]] std::string small_png(std::array<std::uint8_t, 3> colour, std::string_view comment);

}  // namespace refrain::mock
