#include "base/query.h"

#include <algorithm>
#include <cstddef>

namespace refrain::base {
namespace {

constexpr std::string_view upper_digits = "0123456789ABCDEF";

constexpr int nibble(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// RFC 3986, section 2.3.
constexpr bool is_unreserved(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

/// By name; those of one name in the order of their addresses, which is that in which they were sent.
bool comes_before(const query_parameter& one, const query_parameter& other) noexcept {
  if (one.name != other.name) return one.name < other.name;
  return one.name.data() < other.name.data();
}

}  // namespace

std::string normalise_escapes(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? nibble(text[i + 1]) : -1;
    const int low = high >= 0 ? nibble(text[i + 2]) : -1;
    if (low < 0) {
      out.push_back(text[i]);
      continue;
    }
    if (const auto byte = static_cast<char>(high << 4 | low); is_unreserved(byte)) {
      out.push_back(byte);
    } else {
      out.push_back('%');
      out.push_back(upper_digits[static_cast<std::size_t>(high)]);
      out.push_back(upper_digits[static_cast<std::size_t>(low)]);
    }
    i += 2;
  }
  return out;
}

void sort_parameters(std::string_view query, std::vector<query_parameter>& into) {
  into.clear();
  while (!query.empty()) {
    const auto piece = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(piece.size() + 1, query.size()));
    if (piece.empty()) continue;
    const auto equals = piece.find('=');
    const auto value = equals == std::string_view::npos ? std::nullopt : std::optional{piece.substr(equals + 1)};
    into.push_back({.name = piece.substr(0, equals), .value = value});
  }
  std::ranges::sort(into, comes_before);
}

}  // namespace refrain::base
