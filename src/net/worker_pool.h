#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/result.h"
#include "net/async.h"

namespace refrain::net {

/// A few threads for work that blocks or takes long, behind a bounded queue. A coroutine awaits its result and goes on
/// where it ran. Any thread may call. Destroy it before the event loops whose coroutines await it; its destructor
/// finishes what has begun and drops what has not.
class worker_pool {
 public:
  worker_pool(unsigned threads, std::size_t most_queued);
  ~worker_pool();
  worker_pool(const worker_pool&) = delete;
  worker_pool& operator=(const worker_pool&) = delete;

  /// Runs `work`, which returns a base::result, on a thread, and lets it go there. Fails with overloaded: a full queue.
  template <class F>
  [[nodiscard]] task<std::invoke_result_t<F>> run(F work) {
    using outcome = std::invoke_result_t<F>;
    // Shared, because the coroutine may be gone before the work is.
    const auto result = std::make_shared<std::optional<outcome>>();
    std::move_only_function<void()> job = [result, work = std::move(work)]() mutable { result->emplace(work()); };
    const bool done = co_await perform(std::move(job));
    if (!done) co_return base::fail(base::errc::overloaded, "too much work is waiting");
    co_return std::move(**result);
  }

 private:
  struct queue;
  [[nodiscard]] task<bool> perform(std::move_only_function<void()> job);

  std::unique_ptr<queue> queue_;
};

}  // namespace refrain::net
