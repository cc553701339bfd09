#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

#include "net/async.h"
#include "net/waiters.h"

namespace refrain::net {

/// Lets coroutines of any loop wait for a change that another thread makes. The waiter takes the version, looks at the
/// state under the state's own lock, and waits past that version: a change in between is never missed, and no lock is
/// held while waiting. Any thread.
class signal {
 public:
  [[nodiscard]] std::uint64_t version() const noexcept { return version_.load(std::memory_order_acquire); }

  /// After the state has changed: wakes all who wait, each on its own executor.
  void raise();

  /// Goes on once the version is beyond `seen`.
  [[nodiscard]] task<> wait_past(std::uint64_t seen);

 private:
  /// Keeps the waiter, or wakes it at once where the version has moved on.
  void enlist(std::uint64_t seen, waiters::ticket waiter);

  std::mutex mutex_;
  std::vector<waiters::ticket> waiting_;  ///< guarded by mutex_
  std::atomic<std::uint64_t> version_{0};
};

}  // namespace refrain::net
