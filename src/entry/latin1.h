#pragma once

#include <string>
#include <string_view>

namespace refrain::entry {

/// Stands in a meta of which not all bytes are UTF-8, as header values need not be (RFC 9110, section 5.5): each byte
/// above 0x7f is written as the character of that number. In a text its quotes would be escaped.
inline constexpr std::string_view latin1_member = R"("charset":"latin-1")";

[[nodiscard]] bool is_utf8(std::string_view bytes) noexcept;

/// ISO 8859-1 as UTF-8.
[[nodiscard]] std::string from_latin1(std::string_view bytes);

/// Undoes it; of other text nothing is promised.
[[nodiscard]] std::string to_latin1(std::string_view text);

}  // namespace refrain::entry
