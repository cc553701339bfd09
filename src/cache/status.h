#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cache/freshness.h"
#include "cache/policy.h"

namespace refrain::cache {

/// Why a request went upstream, in the words of RFC 9211, section 2.2.
enum class forward : std::uint8_t {
  none,       ///< it did not: a hit
  bypass,     ///< it was neither looked up nor recorded
  uri_miss,   ///< nothing stored under its key
  vary_miss,  ///< stored, but not in a form that serves this request
  request,    ///< stored and fresh, but the request wanted a fresher or a fresh one
  stale,      ///< stored, and its time is over
};

[[nodiscard]] std::string_view to_string(forward why) noexcept;

/// What a lookup found that did not serve: nothing, or an entry that is too old or too new.
[[nodiscard]] forward forward_reason(const plan& made, std::optional<freshness> found) noexcept;

/// One member of Cache-Status, that of this cache.
struct cache_status {
  forward fwd = forward::none;              ///< none: a hit
  std::optional<int> fwd_status;            ///< what upstream answered
  bool stored = false;                      ///< the answer is being recorded
  bool collapsed = false;                   ///< joined another request in flight
  std::optional<std::chrono::seconds> ttl;  ///< time left; negative once stale
  std::string_view key;                     ///< 64 hex digits; empty for none
  std::string_view detail;                  ///< reason; empty for none
};

/// Appends the member: `refrain; hit; ttl=1790; key="..."`, `refrain; fwd=uri-miss; fwd-status=200; stored; key="..."`.
/// Always a valid structured field (RFC 9211, RFC 8941): what a string cannot hold stands as `?`. Allocates nothing
/// beyond the room in `out`.
void append_cache_status(std::string& out, const cache_status& status);

}  // namespace refrain::cache
