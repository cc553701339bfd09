#include "base/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/utf8.h"

namespace refrain::base {
namespace {

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
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    const auto escaped = c == '%' ? take_hex(text, 2) : std::nullopt;
    if (!escaped || is_unreserved(static_cast<char>(*escaped))) {
      out.push_back(escaped ? static_cast<char>(*escaped) : c);
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned>(*escaped));
    }
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
