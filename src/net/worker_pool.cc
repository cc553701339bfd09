#include "net/worker_pool.h"

#include <atomic>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace refrain::net {
namespace {

/// Resumes the coroutine that waits, on its own executor, which is kept running until then.
template <class Handler>
class resumer {
 public:
  explicit resumer(Handler handler) : guard_(asio::make_work_guard(handler)), handler_(std::move(handler)) {}

  void resume(bool done) {
    const auto home = guard_.get_executor();
    asio::post(home, [handler = std::move(handler_), done]() mutable { std::move(handler)(done); });
    guard_.reset();
  }

 private:
  asio::executor_work_guard<asio::associated_executor_t<Handler>> guard_;
  Handler handler_;
};

}  // namespace

struct worker_pool::queue {
  const std::size_t most;
  std::atomic<std::size_t> waiting{0};
  asio::thread_pool threads;  ///< last: its end finishes what has begun and drops what waits
};

worker_pool::worker_pool(unsigned threads, std::size_t most_queued)
    : queue_(std::make_unique<queue>(most_queued, 0, threads)) {}

worker_pool::~worker_pool() = default;

task<bool> worker_pool::perform(std::move_only_function<void()> job) {
  auto initiate = [all = queue_.get()](auto handler, std::move_only_function<void()> work) {
    const auto back = std::make_shared<resumer<decltype(handler)>>(std::move(handler));
    if (all->waiting.fetch_add(1) >= all->most) {
      --all->waiting;
      return back->resume(false);
    }
    asio::post(all->threads, [all, back, work = std::move(work)]() mutable {
      --all->waiting;
      work();
      // What it holds may belong to the caller's loop, and must not go here while that runs on.
      work = nullptr;
      back->resume(true);
    });
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(bool)>(initiate, asio::use_awaitable,
                                                                                     std::move(job));
}

}  // namespace refrain::net
