#include "config/level.h"

#include <algorithm>

namespace refrain::config {
namespace {

constexpr std::array<std::string_view, level_count> names{"quality", "balanced_quality", "balanced", "balanced_speed",
                                                          "speed"};

}  // namespace

std::string_view to_string(optimization_level level) noexcept { return names[static_cast<std::size_t>(level)]; }

std::optional<optimization_level> level_from(std::string_view text) noexcept {
  const auto* const at = std::ranges::find(names, text);
  if (at == names.end()) return std::nullopt;
  return static_cast<optimization_level>(at - names.begin());
}

}  // namespace refrain::config
