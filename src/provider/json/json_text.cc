#include "provider/json/json_text.h"

#include <fmt/format.h>

#include <iterator>

#include "base/utf8.h"

namespace refrain::provider {
namespace {

constexpr std::string_view escape_letters = "\"\\/bfnrt";
constexpr std::string_view escaped_bytes = "\"\\/\b\f\n\r\t";

/// What follows `\u`, and a second escape where it is the first half of a pair.
std::optional<char32_t> take_unicode_escape(std::string_view& rest) {
  const auto first = base::take_hex(rest, 4);
  if (!first || *first < 0xd800 || *first > 0xdbff) return first;
  if (!rest.starts_with("\\u")) return std::nullopt;
  rest.remove_prefix(2);
  const auto second = base::take_hex(rest, 4);
  if (!second || *second < 0xdc00 || *second > 0xdfff) return std::nullopt;
  return 0x10000 + ((*first - 0xd800) << 10U) + (*second - 0xdc00);
}

/// What follows a backslash.
bool append_escaped(std::string& out, std::string_view& rest) {
  if (rest.empty()) return false;
  const char letter = rest.front();
  rest.remove_prefix(1);
  if (letter == 'u') {
    const auto code_point = take_unicode_escape(rest);
    return code_point && base::append_utf8(out, *code_point);
  }
  const auto at = escape_letters.find(letter);
  if (at == std::string_view::npos) return false;
  out.push_back(escaped_bytes[at]);
  return true;
}

}  // namespace

std::optional<std::string> text_of_json(std::string_view spelling) {
  std::string text;
  text.reserve(spelling.size());
  while (true) {
    const auto plain = spelling.find('\\');
    text.append(spelling.substr(0, plain));
    if (plain == std::string_view::npos) return text;
    spelling.remove_prefix(plain + 1);
    if (!append_escaped(text, spelling)) return std::nullopt;
  }
}

std::string json_of_text(std::string_view text) {
  std::string spelling;
  spelling.reserve(text.size());
  for (const char c : text) {
    const auto at = c == '/' ? std::string_view::npos : escaped_bytes.find(c);
    if (at != std::string_view::npos) {
      spelling.append(1, '\\').push_back(escape_letters[at]);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(spelling), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      spelling.push_back(c);
    }
  }
  return spelling;
}

}  // namespace refrain::provider
