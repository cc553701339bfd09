#include "cache/status.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace refrain::cache {
namespace {

constexpr std::int64_t largest_integer = 999'999'999'999'999;  // RFC 8941, section 3.3.1

void append_integer(std::string& out, std::string_view name, std::int64_t value) {
  char digits[24];
  const auto [end, fault] =
      std::to_chars(digits, digits + sizeof digits, std::clamp(value, -largest_integer, largest_integer));
  out.append("; ").append(name).append("=").append(digits, end);
}

constexpr bool is_plain(char c) noexcept { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

void append_other(std::string& out, char c) {
  if (c == '"' || c == '\\') {
    out.push_back('\\');
    out.push_back(c);
  } else {
    out.push_back('?');
  }
}

/// RFC 8941, section 3.3.3: printable ASCII, quotes and backslashes escaped.
void append_string(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out.append("; ").append(name).append("=\"");
  while (!value.empty()) {
    const auto plain = static_cast<std::size_t>(std::ranges::find_if_not(value, is_plain) - value.begin());
    out.append(value.substr(0, plain));
    value.remove_prefix(plain);
    if (value.empty()) break;
    append_other(out, value.front());
    value.remove_prefix(1);
  }
  out.push_back('"');
}

}  // namespace

std::string_view to_string(forward why) noexcept {
  static constexpr std::array<std::string_view, 6> names{"", "bypass", "uri-miss", "vary-miss", "request", "stale"};
  return names[static_cast<std::size_t>(why)];
}

forward forward_reason(const plan& made, std::optional<freshness> found) noexcept {
  if (made.asked == entry::outcome::bypass) return forward::bypass;
  if (!made.look_up) return forward::request;
  if (!found) return forward::uri_miss;
  switch (*found) {
    case freshness::fresh: return forward::vary_miss;
    case freshness::too_old:
    case freshness::too_short: return forward::request;
    case freshness::stale_allowed:
    case freshness::revalidate:
    case freshness::expired:
    case freshness::from_future: return forward::stale;
  }
  std::unreachable();
}

void append_cache_status(std::string& out, const cache_status& status) {
  out.append("refrain");
  if (status.fwd == forward::none) {
    out.append("; hit");
  } else {
    out.append("; fwd=").append(to_string(status.fwd));
    if (status.fwd_status) append_integer(out, "fwd-status", *status.fwd_status);
    if (status.stored) out.append("; stored");
  }
  if (status.collapsed) out.append("; collapsed");
  if (status.ttl) append_integer(out, "ttl", status.ttl->count());
  append_string(out, "key", status.key);
  append_string(out, "detail", status.detail);
}

}  // namespace refrain::cache
