#include "redis/breaker.h"

#include <algorithm>

namespace refrain::redis {

void breaker::succeeded(base::steady_time now) noexcept {
  failures_in_a_row_ = 0;
  remember(now, false);
}

void breaker::failed(base::steady_time now) noexcept {
  ++failures_in_a_row_;
  remember(now, true);
  const auto is_recent_failure = [&](const outcome& one) { return one.failed && now - one.when <= span; };
  const auto recent = static_cast<std::size_t>(std::ranges::count_if(latest_, is_recent_failure));
  open_ = open_ || failures_in_a_row_ >= in_a_row || (known_ == window && recent * 2 >= window);
}

void breaker::close() noexcept { *this = breaker{}; }

void breaker::remember(base::steady_time now, bool failed) noexcept {
  latest_[next_] = {.when = now, .failed = failed};
  next_ = (next_ + 1) % window;
  known_ = std::min(known_ + 1, window);
}

}  // namespace refrain::redis
