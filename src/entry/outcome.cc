#include "entry/outcome.h"

#include <array>

namespace refrain::entry {

std::string_view to_string(outcome value) noexcept {
  static constexpr std::array<std::string_view, 7> names{"HIT",  "SEMANTIC_HIT", "COALESCED", "STALE",
                                                         "MISS", "REFRESH",      "BYPASS"};
  return names[static_cast<std::size_t>(value)];
}

}  // namespace refrain::entry
