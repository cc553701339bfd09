#pragma once

#include <functional>
#include <list>
#include <memory>
#include <mutex>

#include "net/async.h"

namespace refrain::net {

/// The coroutines of one event loop that wait for something another loop brings about. They belong to their loop and go
/// with it: whoever comes to wake them later finds nobody, and touches nothing that is gone. Any thread.
class waiters : public std::enable_shared_from_this<waiters> {
 public:
  using resumption = std::move_only_function<void()>;

  /// One waiting coroutine; wakes once.
  class ticket {
   public:
    ticket(std::shared_ptr<waiters> all, std::list<resumption>::iterator mine) : all_(std::move(all)), mine_(mine) {}
    /// Nothing happens where the loop has gone.
    void wake();

   private:
    std::shared_ptr<waiters> all_;
    std::list<resumption>::iterator mine_;
  };

  /// That of the loop which the executor runs on.
  [[nodiscard]] static std::shared_ptr<waiters> of(const executor& where);

  [[nodiscard]] ticket wait(resumption goes_on);

  /// Forgets all of them: the loop ends.
  void close() noexcept;

 private:
  std::mutex mutex_;
  std::list<resumption> waiting_;  ///< guarded by mutex_
  bool closed_ = false;            ///< guarded by mutex_
};

}  // namespace refrain::net
