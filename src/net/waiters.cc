#include "net/waiters.h"

#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>
#include <utility>

namespace refrain::net {
namespace {

/// Has the room closed with its loop, before the loop's own parts go.
class room_service : public asio::execution_context::service {
 public:
  using key_type = room_service;
  static inline asio::execution_context::id id;

  explicit room_service(asio::execution_context& owner) : service(owner) {}

  [[nodiscard]] const std::shared_ptr<waiters>& room() const noexcept { return room_; }

 private:
  void shutdown() noexcept override { room_->close(); }

  std::shared_ptr<waiters> room_ = std::make_shared<waiters>();
};

}  // namespace

std::shared_ptr<waiters> waiters::of(const executor& where) {
  return asio::use_service<room_service>(asio::query(where, asio::execution::context)).room();
}

waiters::ticket waiters::wait(resumption goes_on) {
  const std::lock_guard guard{mutex_};
  waiting_.push_back(std::move(goes_on));
  return {shared_from_this(), std::prev(waiting_.end())};
}

void waiters::ticket::wake() {
  std::list<resumption> mine;
  {
    const std::lock_guard guard{room_->mutex_};
    if (room_->closed_) return;
    mine.splice(mine.end(), room_->waiting_, place_);
  }
  mine.front()();
}

void waiters::close() noexcept {
  std::list<resumption> gone;  // destroyed without the lock: who goes may wake others
  const std::lock_guard guard{mutex_};
  closed_ = true;
  gone.swap(waiting_);
}

}  // namespace refrain::net
