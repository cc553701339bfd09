#include "net/worker_pool.h"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace refrain::net {

/// The threads and what waits for them.
class worker_pool::queue {
 public:
  using job = std::move_only_function<void()>;

  queue(unsigned threads, std::size_t most) : most_(most) {
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { serve(); });
  }

  ~queue() {
    {
      const std::scoped_lock lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    for (auto& one : threads_) one.join();
  }

  queue(const queue&) = delete;
  queue& operator=(const queue&) = delete;

  [[nodiscard]] bool add(job& work) {
    {
      const std::scoped_lock lock(mutex_);
      if (stopping_ || waiting_.size() >= most_) return false;
      waiting_.push_back(std::move(work));
    }
    wake_.notify_one();
    return true;
  }

 private:
  void serve() {
    for (;;) {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      job next = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      next();
    }
  }

  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<job> waiting_;  ///< guarded by mutex_
  bool stopping_ = false;    ///< guarded by mutex_
  std::vector<std::thread> threads_;
};

worker_pool::worker_pool(unsigned threads, std::size_t most_queued)
    : queue_(std::make_unique<queue>(threads, most_queued)) {}

worker_pool::~worker_pool() = default;

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

task<bool> worker_pool::perform(std::move_only_function<void()> job) {
  auto initiate = [this](auto handler, std::move_only_function<void()> work) {
    const auto back = std::make_shared<resumer<decltype(handler)>>(std::move(handler));
    queue::job whole = [back, work = std::move(work)]() mutable {
      work();
      back->resume(true);
    };
    if (!queue_->add(whole)) back->resume(false);
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(bool)>(initiate, asio::use_awaitable,
                                                                                     std::move(job));
}

}  // namespace refrain::net
