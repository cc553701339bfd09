#pragma once

#include <algorithm>
#include <charconv>
#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace refrain::base {

/// ASCII only, as header names, host names and settings are.
[[nodiscard]] constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;
[[nodiscard]] bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) noexcept;
/// Whether a text is one of these names, letter case ignored.
[[nodiscard]] bool is_among(std::string_view text, const auto& names) noexcept {
  return std::ranges::any_of(names, [text](std::string_view one) { return equal_ignoring_case(one, text); });
}
[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] std::string to_upper(std::string_view text);

/// Without blanks and tabs at both ends.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;

/// The pieces between separators, trimmed, empty ones left out.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

/// A whole text as a decimal integer; nothing else may stand in it.
template <std::integral Int>
[[nodiscard]] std::optional<Int> to_integer(std::string_view text) noexcept {
  Int value{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

/// Whether a byte of a UTF-8 text begins a code point.
[[nodiscard]] constexpr bool begins_code_point(char byte) noexcept {
  return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
}

/// At most `limit` bytes of the start of a UTF-8 text, no code point cut.
[[nodiscard]] std::string_view head_of(std::string_view text, std::size_t limit) noexcept;

/// Characters of a UTF-8 text, counted as code points.
[[nodiscard]] std::size_t count_code_points(std::string_view text) noexcept;

/// At most `limit` bytes of it on one line, cut between UTF-8 characters and ended by an ellipsis: for logs and lists.
[[nodiscard]] std::string shorten(std::string_view text, std::size_t limit);

/// The candidate nearest in spelling, if any is near enough to be meant (Levenshtein distance at most a third of it).
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view text,
                                                      std::span<const std::string_view> candidates);

/// Percent-encodes all but `A-Za-z0-9_.-` (RFC 3986, section 2.1), and but what is in `kept`.
[[nodiscard]] std::string percent_encode(std::string_view text, std::string_view kept = {});
/// Undoes percent-encoding; nothing where a `%` is not followed by two hex digits.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

}  // namespace refrain::base
