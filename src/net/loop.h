#pragma once

#include <memory>

#include "net/async.h"
#include "net/deadline.h"

namespace boost::asio {
class io_context;
}

namespace refrain::net {

/// One thread's event loop. Everything made on a loop is used on its thread alone, unless it says otherwise.
class loop {
 public:
  loop();
  ~loop();
  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;

  [[nodiscard]] executor get_executor() const;
  [[nodiscard]] asio::io_context& context() noexcept { return *context_; }
  [[nodiscard]] deadlines& timeouts() noexcept { return *timeouts_; }

  /// Runs on the calling thread until stop().
  void run();
  /// The loop that runs on the calling thread; nullptr where none does.
  [[nodiscard]] static loop* current() noexcept;
  /// Any thread.
  void stop();

  /// Destroys what is still under way, after run() has returned: coroutines go, and with them what they hold. Sockets
  /// that others own must have gone before, what coroutines refer to must still be there. Nothing runs here afterwards.
  void discard();

 private:
  std::unique_ptr<asio::io_context> context_;
  std::unique_ptr<deadlines> timeouts_;
};

/// Starts a coroutine that nobody waits for. An exception that leaves it is a bug of ours: it is logged, and the
/// process lives on.
void spawn(executor where, task<> work);

/// Waits. For pauses that are part of a behaviour (back-off), not for time limits: those are deadlines.
[[nodiscard]] task<> sleep_for(std::chrono::milliseconds how_long);

}  // namespace refrain::net
