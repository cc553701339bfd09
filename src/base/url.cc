#include "base/url.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace refrain::base {
namespace {

struct scheme_port {
  std::string_view scheme;
  std::uint16_t port;
};
constexpr std::array known_ports{scheme_port{"http", 80},     scheme_port{"https", 443},   scheme_port{"ws", 80},
                                 scheme_port{"wss", 443},     scheme_port{"redis", 6379},  scheme_port{"rediss", 6379},
                                 scheme_port{"valkey", 6379}, scheme_port{"valkeys", 6379}};

std::uint16_t port_of(std::string_view scheme) noexcept {
  const auto* const row = std::ranges::find(known_ports, scheme, &scheme_port::scheme);
  return row == known_ports.end() ? std::uint16_t{0} : row->port;
}

std::string bracketed(std::string_view host) {
  return host.contains(':') ? fmt::format("[{}]", host) : std::string(host);
}

result<std::uint16_t> port_number(std::string_view text) {
  if (const auto port = to_integer<std::uint16_t>(text)) return *port;
  return fail(errc::bad_config, fmt::format("'{}' is no port: give a number from 0 to 65535", text));
}

}  // namespace

std::string url::authority() const {
  return port == port_of(scheme) ? bracketed(host) : fmt::format("{}:{}", bracketed(host), port);
}

std::string url::origin() const { return fmt::format("{}://{}:{}", scheme, bracketed(host), port); }

result<url> parse_url(std::string_view text) {
  url parsed;
  const auto colon = text.find("://");
  if (colon == std::string_view::npos || colon == 0) {
    return fail(errc::bad_config, "not a URL: it should begin with a scheme such as https://");
  }
  parsed.scheme = to_lower(text.substr(0, colon));
  text.remove_prefix(colon + 3);

  // A store's userinfo ends at the last @ of all, so that a raw @, / or # in its password works; elsewhere an @ in the
  // path is nothing special.
  const bool raw_password = parsed.scheme.starts_with("redis") || parsed.scheme.starts_with("valkey");
  const auto authority = raw_password ? text : text.substr(0, text.find_first_of("/?#"));
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    parsed.userinfo = text.substr(0, at);
    text.remove_prefix(at + 1);
  }
  text = text.substr(0, text.find('#'));
  const auto end = std::min(text.find_first_of("/?"), text.size());
  const auto parts = split_host_port(text.substr(0, end));
  // What looks like an address may be a piece of a password with a raw / in it: it is not repeated.
  if (!parts) return fail(errc::bad_config, "not a URL: the host is no name or address ([] go around IPv6)");
  if (parts->host.empty()) return fail(errc::bad_config, "not a URL: the host is missing");
  parsed.host = to_lower(parts->host);
  parsed.port = port_of(parsed.scheme);
  if (!parts->port.empty()) {
    const auto port = port_number(parts->port);
    if (!port) return fail(errc::bad_config, "not a URL: the port is no number from 0 to 65535");
    parsed.port = *port;
  }
  text.remove_prefix(end);

  const auto mark = std::min(text.find('?'), text.size());
  auto path = text.substr(0, mark);
  while (path.ends_with('/')) path.remove_suffix(1);
  parsed.path = path;
  if (mark < text.size()) parsed.query = text.substr(mark + 1);
  const auto forbidden = [](unsigned char c) { return c <= 0x20 || c == 0x7F; };
  if (std::ranges::any_of(parsed.host, forbidden) || std::ranges::any_of(parsed.path, forbidden) ||
      std::ranges::any_of(parsed.query, forbidden)) {
    return fail(errc::bad_config, "not a URL: it holds a blank or a control character");
  }
  return parsed;
}

std::optional<host_port> split_host_port(std::string_view text) noexcept {
  const std::size_t begin = text.starts_with('[') ? 1 : 0;
  const auto end = begin == 1 ? text.find(']') : std::min(text.find(':'), text.size());
  if (end == std::string_view::npos) return std::nullopt;
  auto rest = text.substr(end + begin);
  if (rest.empty()) return host_port{text.substr(begin, end - begin), {}, begin == 1};
  if (!rest.starts_with(':')) return std::nullopt;
  rest.remove_prefix(1);
  if (begin == 0 && rest.contains(':')) return std::nullopt;
  return host_port{text.substr(begin, end - begin), rest, begin == 1};
}

std::string endpoint::to_string() const { return fmt::format("{}:{}", bracketed(host), port); }

bool is_any_address(std::string_view host) noexcept {
  return host == "0.0.0.0" || host == "::" || host == "0:0:0:0:0:0:0:0";
}

bool endpoint::is_loopback() const { return is_loopback_host(host); }

result<endpoint> parse_endpoint(std::string_view text) {
  const auto parts = split_host_port(text);
  if (!parts && !text.starts_with('[')) {
    return fail(errc::bad_config, fmt::format("write the IPv6 address '{}' in []", text));
  }
  if (!parts) {
    return fail(errc::bad_config,
                fmt::format("'{}' {}", text, text.contains(']') ? "is no address" : "lacks the closing ]"));
  }
  if (parts->port.empty()) return fail(errc::bad_config, fmt::format("'{}' lacks a port: write HOST:PORT", text));
  const auto port = TRY(port_number(parts->port));
  return endpoint{.host = parts->host.empty() ? "0.0.0.0" : std::string(parts->host), .port = port};
}

bool is_loopback_host(std::string_view host) noexcept {
  if (equal_ignoring_case(host, "localhost") || host == "::1") return true;
  in_addr address{};
  std::array<char, INET_ADDRSTRLEN> text{};
  if (host.size() >= text.size()) return false;
  std::ranges::copy(host, text.begin());
  return inet_pton(AF_INET, text.data(), &address) == 1 && (ntohl(address.s_addr) >> 24) == 127;
}

}  // namespace refrain::base
