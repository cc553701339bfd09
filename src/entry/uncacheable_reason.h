#pragma once

#include <cstdint>
#include <string_view>

namespace refrain::entry {

/// Why the cache stands aside for a request, or an answer is not stored: `detail` of Cache-Status, metric label, log.
enum class uncacheable_reason : std::uint8_t {
  none,
  // The request.
  cache_disabled,   ///< cache.enabled = false
  no_store,         ///< the request says so
  encoded_body,     ///< Content-Encoding on the request: its content is unknown
  malformed_body,   ///< not JSON, or not the shape of this endpoint: the upstream shall say what is wrong
  ambiguous_body,   ///< duplicate members, invalid UTF-8, lone surrogates: two parsers may read it differently
  too_deep,         ///< nested deeper than 128
  upstream_effect,  ///< `store: true` and the like: asking has an effect that a replay would not have
  server_state,     ///< refers to, or answers with, state that the provider keeps for a time
  method,           ///< not the method that this endpoint caches
  fetch_no_store,   ///< `fetch`'s artefact, where the operator honours it
  temperature,      ///< above the operator's cache.max_temperature
  large_request,    ///< its body is over limits.request_body, or over what all bodies may take: it passes through
  // The answer.
  status,             ///< not 200
  truncated,          ///< ended before its terminator or its declared length
  malformed_answer,   ///< not what the endpoint answers with
  error_event,        ///< an error inside a 200 stream
  content_filter,     ///< a choice was cut by the provider's filter
  unfinished_choice,  ///< a choice without a finish reason
  empty_answer,       ///< nothing in it
  expiring_answer,    ///< holds links that the provider takes away before long
  encoded_answer,     ///< Content-Encoding although identity was asked for
  too_large,          ///< over the entry cap or the memory for fills
  abandoned,          ///< no client left and the limits for unattended fills reached
  ttl_zero,           ///< a TTL of nothing
  purged,             ///< a purge came while it was being fetched
};

/// Spelt with dashes: "no-store", "content-filter". Empty for none.
[[nodiscard]] std::string_view to_string(uncacheable_reason why) noexcept;

}  // namespace refrain::entry
