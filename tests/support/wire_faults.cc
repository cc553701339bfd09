#include "support/wire_faults.h"

#include <array>
#include <utility>

namespace refrain::tests {
namespace {

/// From 0 to 1, without 1; the same on every platform.
double lot(std::mt19937_64& random) { return static_cast<double>(random() >> 11) * 0x1p-53; }

}  // namespace

fate draw_fate(const wire_faults& faults, std::mt19937_64& random) {
  const double which = lot(random);
  const double late = lot(random);
  const double how_late = lot(random);
  const double in_pieces = lot(random);

  fate drawn;
  const std::array chances{std::pair{deed::duplicate, faults.duplicate}, std::pair{deed::drop, faults.drop},
                           std::pair{deed::swap, faults.swap},           std::pair{deed::garbage, faults.garbage},
                           std::pair{deed::flip, faults.flip},           std::pair{deed::cut, faults.cut},
                           std::pair{deed::stall, faults.stall}};
  double sum = 0;
  for (const auto& [what, chance] : chances) {
    const bool met = which >= sum && which < sum + chance;
    if (met) drawn.what = what;
    sum += chance;
  }
  if (late < faults.delay) {
    drawn.delay = std::chrono::microseconds{
        static_cast<std::chrono::microseconds::rep>(how_late * static_cast<double>(faults.delay_up_to.count()))};
  }
  drawn.split = in_pieces < faults.split;
  return drawn;
}

}  // namespace refrain::tests
