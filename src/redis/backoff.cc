#include "redis/backoff.h"

#include <algorithm>

namespace refrain::redis {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds in_general = 1s;
constexpr milliseconds when_full = 60s;
constexpr milliseconds first_refused = 5s;
constexpr milliseconds longest_refused = 60s;

/// As to_error (faults.h) has it.
bool is_full(const base::error& why) noexcept { return why.code == base::errc::overloaded; }

}  // namespace

bool is_refusal(const base::error& why) noexcept { return why.code == base::errc::store_unavailable && !why.retry; }

milliseconds backoff::after(const base::error& why) {
  const bool left_alone = when_full_ == full_server::is_left_alone && is_full(why);
  auto pause = left_alone ? when_full : in_general;
  if (is_refusal(why)) {
    pause = std::min(first_refused * (1 << std::min(refusals_, 5u)), longest_refused);
    ++refusals_;
  } else {
    refusals_ = 0;
  }
  return jittered(pause);
}

milliseconds backoff::usual() { return jittered(in_general); }

milliseconds backoff::jittered(milliseconds around) {
  std::uniform_int_distribution<milliseconds::rep> spread{-around.count() / 5, around.count() / 5};
  return around + milliseconds{spread(random_)};
}

}  // namespace refrain::redis
