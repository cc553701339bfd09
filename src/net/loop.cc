#include "net/loop.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

#include "base/log.h"

namespace refrain::net {
namespace {

constinit thread_local loop* running_here = nullptr;

void report_bug(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& bug) {
    base::log_error("bug: a task ended with an exception: {}", bug.what());
  } catch (...) {
    base::log_error("bug: a task ended with an unknown exception");
  }
}

}  // namespace

// One thread runs it, and uses what is made on it: sockets need no locks of Asio's.
loop::loop()
    : context_(std::make_unique<asio::io_context>(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO)),
      timeouts_(std::make_unique<deadlines>(get_executor())) {}

loop::~loop() { discard(); }

void loop::discard() {
  // Coroutines that never ended are destroyed with the context, and may arm and disarm deadlines as they go.
  timeouts_->close();
  context_.reset();
}

executor loop::get_executor() const { return context_->get_executor(); }

void loop::run() {
  const auto stay = asio::make_work_guard(*context_);
  running_here = this;
  context_->run();
  running_here = nullptr;
}

loop* loop::current() noexcept { return running_here; }

void loop::stop() { context_->stop(); }

void spawn(executor where, task<> work) {
  asio::co_spawn(where, std::move(work), [](const std::exception_ptr& thrown) {
    if (thrown) report_bug(thrown);
  });
}

task<> sleep_for(std::chrono::milliseconds how_long) {
  asio::steady_timer timer{co_await asio::this_coro::executor, how_long};
  co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace refrain::net
