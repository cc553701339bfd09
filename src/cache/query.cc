#include "cache/query.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace refrain::cache {
namespace {

constexpr std::string_view upper_digits = "0123456789ABCDEF";

struct parameter {
  std::string_view name;
  std::optional<std::string_view> value;  ///< `a=` and `a` are two things to some servers
  std::size_t at = 0;                     ///< its place in the query
};

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

/// The parameters of a query, its escapes made alike before: no separator comes of that, as all are reserved.
void parse(std::string_view query, std::span<const std::string_view> left_out, std::vector<parameter>& into) {
  into.clear();
  while (!query.empty()) {
    const auto piece = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(piece.size() + 1, query.size()));
    const auto equals = piece.find('=');
    const auto name = piece.substr(0, equals);
    if (piece.empty() || std::ranges::find(left_out, name) != left_out.end()) continue;
    const auto value = equals == std::string_view::npos ? std::nullopt : std::optional{piece.substr(equals + 1)};
    into.push_back({.name = name, .value = value, .at = into.size()});
  }
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

void add_query(base::digest_input& key, std::string_view query, std::span<const std::string_view> left_out) {
  if (query.empty()) return;
  thread_local std::vector<parameter> parameters;
  std::string alike;
  if (query.contains('%')) query = alike = normalise_escapes(query);
  parse(query, left_out, parameters);
  std::ranges::sort(parameters, {}, [](const parameter& one) { return std::pair{one.name, one.at}; });
  for (const auto& one : parameters) {
    key.add('q', one.name);
    if (one.value) key.add('=', *one.value);
  }
}

}  // namespace refrain::cache
