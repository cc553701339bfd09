#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace refrain::base {

/// An absolute URL in its parts (RFC 3986), as upstreams, proxies and stores are configured.
struct url {
  std::string scheme;      ///< lower case
  std::string userinfo;    ///< still percent-encoded; a secret
  std::string host;        ///< lower case, IPv6 without brackets
  std::uint16_t port = 0;  ///< the scheme's own where none is given; 0 where neither is known
  std::string path;        ///< with its leading slash, without a trailing one; empty for none
  std::string query;       ///< without the question mark

  /// `host` or `host:port` as the Host header wants it (RFC 9110, section 7.2).
  [[nodiscard]] std::string authority() const;
  /// `scheme://host:port`: what a connection is made to.
  [[nodiscard]] std::string origin() const;
};

/// Fails with bad_config; the context never repeats the userinfo.
[[nodiscard]] result<url> parse_url(std::string_view text);

/// A host and a port as a text holds them: `host`, `host:port`, `[v6]`, `[v6]:port` (RFC 3986, section 3.2).
struct host_port {
  std::string_view host;  ///< without brackets
  std::string_view port;  ///< empty for none
  bool bracketed = false;
};

/// Splits such a text; nothing where it has another form. Neither part is looked into.
[[nodiscard]] std::optional<host_port> split_host_port(std::string_view text) noexcept;

/// A host with its port, as `--listen` takes it: `127.0.0.1:7337`, `[::1]:7337`, `:7337`.
struct endpoint {
  std::string host;
  std::uint16_t port = 0;

  [[nodiscard]] std::string to_string() const;
  /// Whether only this machine can reach it: 127.0.0.0/8, ::1, localhost.
  [[nodiscard]] bool is_loopback() const;
  friend auto operator<=>(const endpoint&, const endpoint&) = default;
};

[[nodiscard]] result<endpoint> parse_endpoint(std::string_view text);

/// Places as they are called elsewhere, and where each is reached from here.
using endpoint_map = std::vector<std::pair<endpoint, endpoint>>;

/// 0.0.0.0 or ::, which listeners take for all addresses of a machine and nobody can call.
[[nodiscard]] bool is_any_address(std::string_view host) noexcept;

/// localhost, 127.0.0.0/8 or ::1.
[[nodiscard]] bool is_loopback_host(std::string_view host) noexcept;

}  // namespace refrain::base
