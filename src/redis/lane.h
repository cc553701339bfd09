#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "redis/breaker.h"
#include "redis/link.h"

namespace refrain::redis {

/// What a lane tells about its server, on its loop: the greeting when it is there, the fault when it is not.
using lane_report = std::function<void(const base::result<greeting>& now)>;

/// A way to one server that is kept open: it connects by itself, off the way of any request, and again when the link
/// has ended; at once where that may have been chance, once a second where it did not last, or the breaker says that
/// the server is not worth asking. Belongs to one loop and is used on its thread, but for what says otherwise.
class lane : public std::enable_shared_from_this<lane> {
 public:
  lane(net::loop& home, link_options options, lane_report report);
  ~lane();
  lane(const lane&) = delete;
  lane& operator=(const lane&) = delete;

  /// Begins to connect. Any thread.
  void start();
  /// Ends the link and connects no more. On the loop, or when it does not run.
  void stop();

  /// As link::call. Fails at once, with the latest fault, while there is no link.
  [[nodiscard]] net::task<base::result<std::vector<reply>>> call(commands what);

  /// What came was not what was asked for: the link ends, and another begins (reliability.md, invariants 1 and 2).
  void distrust();

  [[nodiscard]] net::loop& home() noexcept { return home_; }

 private:
  struct pause;

  [[nodiscard]] static net::task<> keep(std::shared_ptr<lane> self);
  [[nodiscard]] net::task<> wait_for_end(std::shared_ptr<link> open);
  [[nodiscard]] net::task<> wait_before_next();
  void judge(const base::result<std::vector<reply>>& said);
  void tell(base::result<greeting> now);

  net::loop& home_;
  link_options options_;
  lane_report report_;
  std::shared_ptr<link> now_;
  breaker breaker_;
  base::error fault_;
  unsigned refusals_ = 0;  ///< in a row, until a person acts
  bool stopped_ = false;
  std::unique_ptr<pause> pause_;
};

}  // namespace refrain::redis
