#include "net/waiters.h"

#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>
#include <utility>

namespace refrain::net {
namespace {

/// Keeps the waiters of a loop, and closes them when its io_context shuts down, before the context's own parts go.
class waiters_service : public asio::execution_context::service {
 public:
  using key_type = waiters_service;
  static inline asio::execution_context::id id;

  explicit waiters_service(asio::execution_context& owner) : service(owner) {}

  [[nodiscard]] const std::shared_ptr<waiters>& all() const noexcept { return all_; }

 private:
  void shutdown() noexcept override { all_->close(); }

  std::shared_ptr<waiters> all_ = std::make_shared<waiters>();
};

}  // namespace

std::shared_ptr<waiters> waiters::of(const executor& where) {
  return asio::use_service<waiters_service>(asio::query(where, asio::execution::context)).all();
}

waiters::ticket waiters::wait(resumption goes_on) {
  const std::lock_guard guard{mutex_};
  waiting_.push_back(std::move(goes_on));
  return {shared_from_this(), std::prev(waiting_.end())};
}

void waiters::ticket::wake() {
  std::list<resumption> mine;
  {
    const std::lock_guard guard{all_->mutex_};
    if (all_->closed_) return;
    mine.splice(mine.end(), all_->waiting_, mine_);
  }
  mine.front()();
}

void waiters::close() noexcept {
  std::list<resumption> gone;  // destroyed after the lock is released: its coroutines may wake others
  const std::lock_guard guard{mutex_};
  closed_ = true;
  gone.swap(waiting_);
}

}  // namespace refrain::net
