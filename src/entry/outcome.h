#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace refrain::entry {

/// What the cache did for one request; `x-refrain-cache` says it, metrics count it.
enum class outcome : std::uint8_t {
  hit,           ///< an entry answered
  semantic_hit,  ///< the entry of a similar question answered
  coalesced,     ///< joined the upstream call of an identical request in flight
  stale,         ///< an entry past its TTL answered, as the request or the route allows
  miss,          ///< asked upstream, and recorded
  refresh,       ///< asked upstream because the request wanted a fresh answer
  bypass,        ///< the cache stood aside
};

/// HIT, SEMANTIC_HIT, COALESCED, STALE, MISS, REFRESH, BYPASS.
[[nodiscard]] constexpr std::string_view to_string(outcome value) noexcept {
  constexpr std::array<std::string_view, 7> names{"HIT",  "SEMANTIC_HIT", "COALESCED", "STALE",
                                                  "MISS", "REFRESH",      "BYPASS"};
  return names[static_cast<std::size_t>(value)];
}

/// Whether the answer cost no upstream call: what `cache_hits_total` counts.
[[nodiscard]] constexpr bool is_hit(outcome value) noexcept { return value <= outcome::stale; }

}  // namespace refrain::entry
