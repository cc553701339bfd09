#include "net/signal.h"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace refrain::net {

void signal::raise() {
  std::vector<waiters::ticket> woken;
  {
    const std::lock_guard guard{mutex_};
    version_.fetch_add(1, std::memory_order_release);
    woken.swap(waiting_);
  }
  for (auto& one : woken) one.wake();
}

void signal::enlist(std::uint64_t seen, waiters::ticket waiter) {
  {
    const std::lock_guard guard{mutex_};
    if (version() == seen) {
      waiting_.push_back(std::move(waiter));
      return;
    }
  }
  waiter.wake();
}

task<> signal::wait_past(std::uint64_t seen) {
  auto initiate = [this, seen](auto handler) {
    const auto where = asio::get_associated_executor(handler);
    const auto all = waiters::of(where);
    enlist(seen, all->wait([where, resume = std::move(handler)]() mutable { asio::post(where, std::move(resume)); }));
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(std::move(initiate), asio::use_awaitable);
}

}  // namespace refrain::net
