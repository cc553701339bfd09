#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>

#include "base/result.h"
#include "redis/backoff.h"
#include "redis/breaker.h"
#include "redis/link.h"

namespace refrain::redis {

/// A lane's server, and what is wanted of it.
struct lane_options {
  link_options to;
  bool to_primary = false;  ///< a server that says it is a replica is as good as away
  login_source reread{};    ///< asked where the server refuses us, before each further attempt
  bool spare = false;       ///< one of several: a server that has enough clients is left alone for a minute
};

/// What a lane tells about its server, on its loop: the greeting when it is there, the fault when it is not.
using lane_report = std::function<void(const base::result<greeting>& now)>;

/// A way to one server that is kept open: it connects by itself, off the way of any request, and again when the link
/// has ended; at once where that may have been chance, once a second where it did not last, or the breaker says that
/// the server is not worth asking. Belongs to one loop and is used on its thread, but for what says otherwise.
class lane : public std::enable_shared_from_this<lane> {
 public:
  lane(net::loop& home, lane_options options, lane_report report);
  ~lane();
  lane(const lane&) = delete;
  lane& operator=(const lane&) = delete;

  /// Begins to connect. Any thread.
  void start();
  /// Ends the link and connects no more. On the loop, or when it does not run.
  void stop();
  /// The same, from any thread while the loop runs.
  void stop_soon();

  /// As link::call, on the loop. Fails at once, with the latest fault, while there is no link.
  [[nodiscard]] net::task<replies> call(commands request);

  /// Looks whether another server stands at the address by now: connects anew, while the link that stands serves on,
  /// and puts the new one in its place. Nothing where the link is younger than a second. On the loop.
  void renew();

  /// A reply was not the one that was asked for: the link is closed, and another opened (docs/reliability.md,
  /// invariants 1 and 2).
  void distrust();

  /// Whether there is a link. Any thread.
  [[nodiscard]] bool is_up() const noexcept { return up_.load(std::memory_order_relaxed); }

  [[nodiscard]] net::loop& home() noexcept { return home_; }

 private:
  struct pause;

  [[nodiscard]] static net::task<> keep(std::shared_ptr<lane> self);
  [[nodiscard]] net::task<base::result<std::shared_ptr<link>>> connect();
  void set_link(std::shared_ptr<link> open);
  [[nodiscard]] net::task<> serve_to_the_end();
  [[nodiscard]] net::task<> wait_for_end(std::shared_ptr<link> open);
  [[nodiscard]] net::task<> replace();
  [[nodiscard]] net::task<> wait(std::chrono::milliseconds pause);
  void judge(const replies& said);
  void report(base::result<greeting> now);

  net::loop& home_;
  lane_options options_;
  lane_report report_;
  std::shared_ptr<link> now_;
  std::atomic<bool> up_{false};
  breaker breaker_;
  backoff backoff_;
  base::error fault_;
  bool stopped_ = false;
  bool renewing_ = false;
  std::chrono::steady_clock::time_point linked_at_{};
  std::unique_ptr<pause> pause_;
};

}  // namespace refrain::redis
