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
  bool keys_to_lend = false;               ///< any upstream has a key that may be lent
  bool beyond_loopback = false;            ///< other machines reach the listener: keys go to known clients alone
  std::span<const std::string> hosts{};    ///< server.hosts: names, or name:port
  std::span<const std::string> origins{};  ///< server.origins, to the letter but for case
};

enum class gate_verdict : std::uint8_t {
  allow,
  misdirected,       ///< the Host is none of ours: a rebound DNS name (421)
  forbidden_origin,  ///< a web page of another site asks (403)
};

/// Whether a request may come near a key that is lent to whoever asks: a web page must not be able to spend it. Where
/// no key is lent to strangers everything may enter. Pure.
[[nodiscard]] gate_verdict judge_visit(const visit& request, const gate_rules& rules);

/// The refusal as an error that names the setting which would allow it. Not for `allow`.
[[nodiscard]] base::error to_error(gate_verdict verdict, const visit& request);

}  // namespace refrain::cache
