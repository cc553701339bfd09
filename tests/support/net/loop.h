#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <functional>
#include <future>
#include <thread>
#include <utility>

#include "net/loop.h"

namespace refrain::net {

/// For tests: a loop at work on a thread of its own. Destroy what lives on it first.
class running_loop {
 public:
  running_loop() : thread_([this] { loop_.run(); }) {}
  ~running_loop() { stop(); }
  running_loop(const running_loop&) = delete;
  running_loop& operator=(const running_loop&) = delete;

  [[nodiscard]] net::loop& loop() noexcept { return loop_; }

  /// Runs a coroutine there and waits for what it returns.
  template <class T>
  T run(task<T> work) {
    return start(std::move(work)).get();
  }

  /// The same without waiting.
  template <class T>
  std::future<T> start(task<T> work) {
    auto promise = std::make_shared<std::promise<T>>();
    auto answer = promise->get_future();
    asio::co_spawn(loop_.get_executor(), std::move(work), [promise](std::exception_ptr fault, T value) {
      if (fault) {
        promise->set_exception(fault);
      } else {
        promise->set_value(std::move(value));
      }
    });
    return answer;
  }

  /// Runs a function there and waits for its end.
  void perform(std::function<void()> what) {
    std::packaged_task<void()> job{std::move(what)};
    auto done = job.get_future();
    asio::post(loop_.get_executor(), [&job] { job(); });
    done.get();
  }

  void stop() {
    if (!thread_.joinable()) return;
    loop_.stop();
    thread_.join();
  }

 private:
  net::loop loop_;
  std::thread thread_;
};

}  // namespace refrain::net
