#include "redis/patience.h"

#include <algorithm>

namespace refrain::redis {

void patience::saw(duration round_trip) noexcept {
  smoothed_ = smoothed_ == duration{0} ? round_trip : smoothed_ + (round_trip - smoothed_) / 8;
}

patience::duration patience::first_byte() const noexcept {
  return fixed_.value_or(std::clamp(smoothed_ * 4, least, most));
}

}  // namespace refrain::redis
