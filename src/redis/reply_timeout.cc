#include "redis/reply_timeout.h"

#include <algorithm>

namespace refrain::redis {

void reply_timeout::saw(duration round_trip) noexcept {
  smoothed_ = smoothed_ == duration{0} ? round_trip : smoothed_ + (round_trip - smoothed_) / 8;
}

reply_timeout::duration reply_timeout::first_byte() const noexcept {
  return fixed_.value_or(std::clamp(smoothed_ * 4, least, most));
}

}  // namespace refrain::redis
