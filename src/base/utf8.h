#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace refrain::base {

/// Appends a code point in UTF-8; false, with nothing appended, for a surrogate and for what is beyond U+10FFFF.
bool append_utf8(std::string& out, char32_t code_point);

/// Takes the first code point off a text; nothing where the text is empty or does not begin with well-formed UTF-8
/// (Unicode, table 3-7).
[[nodiscard]] std::optional<char32_t> take_code_point(std::string_view& text) noexcept;

/// Whether bytes are UTF-8.
[[nodiscard]] bool is_utf8(std::string_view bytes) noexcept;

/// A text as it is where it is UTF-8, else with a question mark for each byte that is not ASCII: JSON holds nothing
/// else.
[[nodiscard]] std::string to_utf8(std::string_view text);

/// ISO 8859-1 as UTF-8.
[[nodiscard]] std::string from_latin1(std::string_view bytes);
/// Undoes it; of other text nothing is promised.
[[nodiscard]] std::string to_latin1(std::string_view text);

/// Takes so many hex digits off a text; nothing where they are not there.
[[nodiscard]] std::optional<char32_t> take_hex(std::string_view& text, std::size_t digits) noexcept;

}  // namespace refrain::base
