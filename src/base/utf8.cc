#include "base/utf8.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>

namespace refrain::base {
namespace {

constexpr bool is_scalar_value(char32_t code_point) noexcept {
  return code_point < 0xd800 || (code_point > 0xdfff && code_point <= 0x10ffff);
}

}  // namespace

bool append_utf8(std::string& out, char32_t code_point) {
  if (!is_scalar_value(code_point)) return false;
  const auto follow = [&](unsigned shift) {
    out.push_back(static_cast<char>(0x80U | (static_cast<unsigned>(code_point >> shift) & 0x3fU)));
  };
  if (code_point < 0x80) {
    out.push_back(static_cast<char>(code_point));
  } else if (code_point < 0x800) {
    out.push_back(static_cast<char>(0xc0U | static_cast<unsigned>(code_point >> 6U)));
    follow(0);
  } else if (code_point < 0x10000) {
    out.push_back(static_cast<char>(0xe0U | static_cast<unsigned>(code_point >> 12U)));
    follow(6);
    follow(0);
  } else {
    out.push_back(static_cast<char>(0xf0U | static_cast<unsigned>(code_point >> 18U)));
    follow(12);
    follow(6);
    follow(0);
  }
  return true;
}

std::optional<char32_t> take_code_point(std::string_view& text) noexcept {
  if (text.empty()) return std::nullopt;
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (size == 0 || text.size() < size) return std::nullopt;
  char32_t value = size == 1 ? lead : lead & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0U) != 0x80U) return std::nullopt;
    value = value << 6U | (next & 0x3fU);
  }
  const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  if (overlong || !is_scalar_value(value)) return std::nullopt;
  text.remove_prefix(size);
  return value;
}

bool is_utf8(std::string_view bytes) noexcept { return simdjson::validate_utf8(bytes); }

std::string to_utf8(std::string_view text) {
  std::string out(text);
  if (!is_utf8(text)) std::ranges::replace_if(out, [](unsigned char c) { return c >= 0x80; }, '?');
  return out;
}

std::string from_latin1(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) (void)append_utf8(text, static_cast<unsigned char>(c));
  return text;
}

std::string to_latin1(std::string_view text) {
  std::string bytes;
  while (const auto character = take_code_point(text)) bytes.push_back(static_cast<char>(*character));
  return bytes;
}

std::optional<char32_t> take_hex(std::string_view& text, std::size_t digits) noexcept {
  if (text.size() < digits) return std::nullopt;
  unsigned value = 0;
  const char* const begin = text.data();
  const auto [end, fault] = std::from_chars(begin, begin + digits, value, 16);
  if (fault != std::errc{} || end != begin + digits) return std::nullopt;
  text.remove_prefix(digits);
  return static_cast<char32_t>(value);
}

}  // namespace refrain::base
