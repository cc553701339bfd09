#include "base/error.h"

#include <algorithm>
#include <array>

namespace refrain::base {
namespace {

constexpr std::string_view client_fault = "invalid_request_error";
constexpr std::string_view server_fault = "api_error";

constexpr std::array table{
    error_traits{errc::malformed_request, "malformed_request", 400, client_fault, severity::debug},
    error_traits{errc::ambiguous_framing, "ambiguous_framing", 400, client_fault, severity::info},
    error_traits{errc::head_too_large, "head_too_large", 431, client_fault, severity::info},
    error_traits{errc::body_too_large, "body_too_large", 413, client_fault, severity::info},
    error_traits{errc::request_timeout, "request_timeout", 408, client_fault, severity::debug},
    error_traits{errc::unknown_route, "unknown_route", 404, client_fault, severity::debug},
    error_traits{errc::unknown_upstream, "unknown_upstream", 404, client_fault, severity::info},
    error_traits{errc::method_not_allowed, "method_not_allowed", 405, client_fault, severity::debug},
    error_traits{errc::unauthorized, "unauthorized", 401, "authentication_error", severity::info},
    error_traits{errc::forbidden_origin, "forbidden_origin", 403, "permission_error", severity::warning},
    error_traits{errc::misdirected_host, "misdirected_host", 421, client_fault, severity::warning},
    error_traits{errc::loop_detected, "loop_detected", 508, server_fault, severity::warning},
    error_traits{errc::only_if_cached, "only_if_cached", 504, client_fault, severity::debug},
    error_traits{errc::bad_directive, "bad_directive", 400, client_fault, severity::debug},
    error_traits{errc::upstream_unreachable, "upstream_unreachable", 502, server_fault, severity::warning},
    error_traits{errc::upstream_timeout, "upstream_timeout", 504, server_fault, severity::warning},
    error_traits{errc::upstream_tls, "upstream_tls", 502, server_fault, severity::warning},
    error_traits{errc::upstream_protocol, "upstream_protocol", 502, server_fault, severity::warning},
    error_traits{errc::upstream_closed, "upstream_closed", 502, server_fault, severity::warning},
    error_traits{errc::draining, "draining", 503, "overloaded_error", severity::debug},
    error_traits{errc::overloaded, "overloaded", 503, "overloaded_error", severity::warning},
    error_traits{errc::store_unavailable, "store_unavailable", 503, server_fault, severity::warning},
    error_traits{errc::store_corrupt, "store_corrupt", 503, server_fault, severity::error},
    error_traits{errc::store_mismatch, "store_mismatch", 503, server_fault, severity::warning},
    error_traits{errc::store_full, "store_full", 503, server_fault, severity::warning},
    error_traits{errc::sealed_by_another_secret, "sealed_by_another_secret", 503, server_fault, severity::warning},
    error_traits{errc::cancelled, "cancelled", 499, client_fault, severity::debug},
    error_traits{errc::closed, "closed", 499, client_fault, severity::debug},
    error_traits{errc::io, "io", 500, server_fault, severity::warning},
    error_traits{errc::port_in_use, "port_in_use", 500, server_fault, severity::error},
    error_traits{errc::bad_config, "bad_config", 500, server_fault, severity::error},
    error_traits{errc::bad_usage, "bad_usage", 400, client_fault, severity::error},
    error_traits{errc::not_found, "not_found", 404, client_fault, severity::debug},
    error_traits{errc::internal, "internal", 500, server_fault, severity::error},
};

// Looked up by position, so the table has to keep the enum's order and miss none.
static_assert(std::ranges::all_of(table, [at = 0](const error_traits& row) mutable {
  return static_cast<int>(row.code) == at++;
}));
static_assert(table.size() == static_cast<std::size_t>(errc::internal) + 1);

}  // namespace

const error_traits& traits_of(errc code) noexcept { return table[static_cast<std::size_t>(code)]; }

std::string error::to_string() const {
  std::string text{traits_of(code).label};
  if (!context.empty()) text.append(": ").append(context);
  return text;
}

}  // namespace refrain::base
