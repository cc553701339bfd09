#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace refrain::cache {

/// What a request shows of where it comes from.
struct visit {
  std::optional<std::string_view> host;            ///< the Host header
  std::optional<std::string_view> origin;          ///< browsers send it on what a page of another site causes
  std::optional<std::string_view> sec_fetch_site;  ///< browsers alone send it
  bool preflight = false;                          ///< OPTIONS with Access-Control-Request-Method
  bool shows_client_key = false;                   ///< a valid one: identity::client is set
  bool status_route = false;                       ///< /healthz, /readyz, /metrics
};

/// What the operator allows.
struct gate_rules {
  bool beyond_loopback = false;            ///< other machines reach the listener: keys go to known clients alone
  std::span<const std::string> hosts{};    ///< server.hosts: names, or name:port
  std::span<const std::string> origins{};  ///< server.origins, to the letter but for case
};

enum class gate_verdict : std::uint8_t {
  allow,
  misdirected,       ///< the Host is none of ours: a rebound DNS name (421)
  forbidden_origin,  ///< a web page of another site asks (403)
};

/// Whether a request may come near what the gateway opens to those who reach it, keys that are lent and upstreams that
/// need none. A web page must not be able to use them: pages of other origins are refused unless server.origins lists
/// them, and on loopback so is any name that is not ours, which may be a page's own name that was rebound. Beyond
/// loopback the names by which the gateway is reached are not known. Pure.
[[nodiscard]] gate_verdict judge_visit(const visit& who, const gate_rules& rules);

/// Whether server.origins lists it.
[[nodiscard]] bool is_listed_origin(std::string_view origin, std::span<const std::string> origins) noexcept;

/// The refusal as an error that names the setting which would allow it. Not for `allow`.
[[nodiscard]] base::error to_error(gate_verdict verdict, const visit& who);

}  // namespace refrain::cache
