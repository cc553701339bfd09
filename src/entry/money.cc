#include "entry/money.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <cstdlib>

namespace refrain::entry {

std::string to_string(micro_usd amount) {
  constexpr std::int64_t micros = 1'000'000;
  const auto [dollars, rest] = std::lldiv(amount.value, micros);
  return fmt::format(FMT_COMPILE("{}{}.{:06}"), amount.value < 0 ? "-" : "", std::abs(dollars), std::abs(rest));
}

}  // namespace refrain::entry
