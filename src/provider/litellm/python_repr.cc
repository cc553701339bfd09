#include "provider/litellm/python_repr.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "base/utf8.h"
#include "provider/json/decimal.h"
#include "provider/json/json_text.h"

namespace refrain::provider {

/// data/python_printable.txt, put into the program by the build: where printable and unprintable code points meet, in
/// five hex digits each, beginning with the first printable one beyond ASCII. They are the general categories Other and
/// Separator of Unicode 14 (UnicodeData.txt), as Python 3.11's `str.isprintable` has them.
extern const std::string_view python_printable_edges;

namespace {

using kind = json_tree::kind;

std::vector<char32_t> read_edges() {
  std::vector<char32_t> edges;
  auto left = python_printable_edges;
  while (const auto edge = base::take_hex(left, 5)) {
    edges.push_back(*edge);
    left.remove_prefix(1);
  }
  return edges;
}

/// Whether `repr` writes a character as it is, rather than escaped. It depends on the Unicode of the Python's version:
/// this is Python 3.11's, which escapes the characters that came later.
bool is_printable(char32_t code_point) {
  if (code_point < 0x80) return code_point >= 0x20 && code_point < 0x7f;
  static const auto edges = read_edges();
  return (std::ranges::upper_bound(edges, code_point) - edges.begin()) % 2 == 1;
}

void append_code_point(std::string& out, char32_t code_point, char quote) {
  const auto number = static_cast<std::uint32_t>(code_point);
  auto to = std::back_inserter(out);
  switch (code_point) {
    case '\n': out.append("\\n"); return;
    case '\r': out.append("\\r"); return;
    case '\t': out.append("\\t"); return;
    case '\\': out.append("\\\\"); return;
    default: break;
  }
  if (number == static_cast<unsigned char>(quote)) {
    out.append(1, '\\').push_back(quote);
  } else if (is_printable(code_point)) {
    (void)base::append_utf8(out, code_point);
  } else if (number <= 0xff) {
    fmt::format_to(to, "\\x{:02x}", number);
  } else if (number <= 0xffff) {
    fmt::format_to(to, "\\u{:04x}", number);
  } else {
    fmt::format_to(to, "\\U{:08x}", number);
  }
}

bool append_text(std::string& out, std::string_view text) {
  const char quote = text.contains('\'') && !text.contains('"') ? '"' : '\'';
  out.push_back(quote);
  while (!text.empty()) {
    const auto code_point = base::take_code_point(text);
    if (!code_point) return false;
    append_code_point(out, *code_point, quote);
  }
  out.push_back(quote);
  return true;
}

bool append_string(std::string& out, std::string_view spelling) {
  const auto text = text_of_json(spelling);
  return text && append_text(out, *text);
}

bool append_integer(std::string& out, std::string_view token) {
  const bool fits = base::to_integer<std::int64_t>(token) || base::to_integer<std::uint64_t>(token);
  if (fits) out.append(token == "-0" ? "0" : token);
  return fits;
}

/// Python writes a float in full from 1e-4 to below 1e16, else with an exponent of two digits at least.
bool append_float(std::string& out, std::string_view token) {
  const auto value = number_of(token);
  if (!value) return false;
  const double size = std::abs(*value);
  const bool in_full = size == 0 || (size >= 1e-4 && size < 1e16);
  char digits[32];
  const auto written = std::to_chars(digits, digits + sizeof digits, *value,
                                     in_full ? std::chars_format::fixed : std::chars_format::scientific);
  const std::string_view text{digits, written.ptr};
  out.append(text);
  if (in_full && !text.contains('.')) out.append(".0");
  return true;
}

bool append_scalar(std::string& out, std::string_view token) {
  if (token == "null") {
    out.append("None");
  } else if (token == "true") {
    out.append("True");
  } else if (token == "false") {
    out.append("False");
  } else {
    return token.find_first_of(".eE") == std::string_view::npos ? append_integer(out, token) : append_float(out, token);
  }
  return true;
}

bool append_list(std::string& out, const json_tree& value) {
  out.push_back('[');
  for (const auto& element : value.elements) {
    if (&element != &value.elements.front()) out.append(", ");
    if (!append_python_repr(out, element)) return false;
  }
  out.push_back(']');
  return true;
}

bool append_dict(std::string& out, const json_tree& value) {
  out.push_back('{');
  for (const auto& one : value.members) {
    if (&one != &value.members.front()) out.append(", ");
    if (!append_string(out, one.first)) return false;
    out.append(": ");
    if (!append_python_repr(out, one.second)) return false;
  }
  out.push_back('}');
  return true;
}

}  // namespace

bool append_python_repr(std::string& out, const json_tree& value) {
  switch (value.type) {
    case kind::scalar: return append_scalar(out, value.text);
    case kind::string: return append_string(out, value.text);
    case kind::array: return append_list(out, value);
    case kind::object: return append_dict(out, value);
  }
  return false;
}

bool append_python_str(std::string& out, const json_tree& value) {
  if (!value.is(kind::string)) return append_python_repr(out, value);
  const auto text = text_of_json(value.text);
  if (text) out.append(*text);
  return text.has_value();
}

}  // namespace refrain::provider
