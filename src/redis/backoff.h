#pragma once

#include <chrono>
#include <cstdint>
#include <random>

#include "base/error.h"

namespace refrain::redis {

/// What to do about a server that has as many clients as it takes.
enum class full_server : std::uint8_t { is_tried_on, is_left_alone };

/// Whether a server refuses us until a person has changed something.
[[nodiscard]] bool is_refusal(const base::error& why) noexcept;

/// How long to wait before a server is tried again (docs/reliability.md, invariant 3 and Redis): about a second; a
/// minute where it has all the clients that it takes and can be left alone; 5 s doubling to 60 s where it refuses us
/// until a person acts. Each up to a fifth more or less, so that many processes do not come all at once.
class backoff {
 public:
  explicit backoff(full_server when_full = full_server::is_tried_on, std::uint32_t seed = std::random_device{}())
      : when_full_(when_full), random_(seed) {}

  /// The pause after this fault.
  [[nodiscard]] std::chrono::milliseconds after(const base::error& why);
  /// It was there: the next refusal is the first one again.
  void reached() noexcept { refusals_ = 0; }
  /// The least time between two attempts of any kind.
  [[nodiscard]] std::chrono::milliseconds usual();

 private:
  [[nodiscard]] std::chrono::milliseconds jittered(std::chrono::milliseconds around);

  full_server when_full_;
  std::minstd_rand random_;
  unsigned refusals_ = 0;  ///< in a row
};

}  // namespace refrain::redis
