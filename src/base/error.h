#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace refrain::base {

/// What went wrong. One row of the table in error.cc says how each code shows: status, provider-shaped type, label.
enum class errc : std::uint8_t {
  // The client's request.
  malformed_request,
  ambiguous_framing,
  head_too_large,
  body_too_large,
  request_timeout,
  unknown_route,
  unknown_upstream,
  method_not_allowed,
  unauthorized,
  forbidden_origin,
  misdirected_host,
  loop_detected,
  only_if_cached,
  bad_directive,
  // The upstream.
  upstream_unreachable,
  upstream_timeout,
  upstream_tls,
  upstream_protocol,
  upstream_closed,
  // The gateway itself.
  draining,
  overloaded,
  store_unavailable,
  store_corrupt,
  store_mismatch,
  store_full,
  sealed_by_another_secret,
  cancelled,
  closed,
  io,
  port_in_use,
  bad_config,
  bad_usage,
  not_found,
  internal,
};

/// An error as a value.
struct error {
  errc code = errc::internal;
  std::string context;  ///< one sentence for a person: the fault and, where there is one, the remedy; never a secret
  bool retry = false;   ///< whether the same attempt may succeed on a fresh connection

  /// The label and the context: what a log line or the command line shows.
  [[nodiscard]] std::string to_string() const;
};

enum class severity : std::uint8_t { debug, info, warning, error };

/// How an error shows outside.
struct error_traits {
  errc code;
  std::string_view label;  ///< metric label, log field, `code` of the provider-shaped body
  std::uint16_t status;    ///< HTTP status of the data and admin plane
  std::string_view type;   ///< `type` of the provider-shaped body, in the words of OpenAI's and Anthropic's errors
  severity level;          ///< how loudly it is logged
};

[[nodiscard]] const error_traits& traits_of(errc code) noexcept;

[[nodiscard]] inline std::string_view to_string(errc code) noexcept { return traits_of(code).label; }

}  // namespace refrain::base
