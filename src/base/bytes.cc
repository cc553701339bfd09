#include "base/bytes.h"

#include <fmt/format.h>

#include <array>

namespace refrain::base {

std::string to_string(byte_count count) {
  static constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB"};
  auto amount = static_cast<double>(count.value);
  std::size_t unit = 0;
  while (amount >= 1024 && unit + 1 < units.size()) {
    amount /= 1024;
    ++unit;
  }
  const bool whole = amount == static_cast<double>(static_cast<std::uint64_t>(amount));
  return whole ? fmt::format("{:.0f} {}", amount, units[unit]) : fmt::format("{:.1f} {}", amount, units[unit]);
}

}  // namespace refrain::base
