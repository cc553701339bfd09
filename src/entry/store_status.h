#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "entry/entry.h"

namespace refrain::entry {

enum class store_health : std::uint8_t {
  ready,     ///< reads and writes work
  degraded,  ///< works in part: `detail` says what does not
  down,      ///< every read is a miss, every write is dropped
};

[[nodiscard]] constexpr std::string_view to_string(store_health health) noexcept {
  constexpr std::array<std::string_view, 3> names{"ready", "degraded", "down"};
  return names[static_cast<std::size_t>(health)];
}

struct store_status {
  std::string kind;      ///< `memory`, `sqlite`, `redis`
  std::string location;  ///< path or URL, without credentials
  store_health health = store_health::ready;
  std::string detail;
  // Nothing where it is not known. A shared server counts whatever stands in it.
  std::optional<std::uint64_t> entries{};
  std::optional<std::uint64_t> bytes{};
  std::optional<std::array<std::uint64_t, cache_type_count>> bytes_by_type{};  ///< by cache_type: what its entries take
  std::optional<std::uint64_t> max_bytes{};                                    ///< nothing too where there is no bound
  std::optional<std::uint64_t> evictions{};
  std::uint64_t writes_dropped = 0;
  std::uint64_t mismatches = 0;     ///< values that were not of the digest and tenant asked for, and were not served
  std::vector<store_status> tiers;  ///< of a tiered store, nearest first
};

}  // namespace refrain::entry
