#pragma once

#include <boost/asio/this_coro.hpp>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "net/loop.h"
#include "net/signal.h"

namespace refrain::net {

/// What coroutines that run beside each other have come to, on one loop.
template <class T>
struct gathering {
  std::vector<T> answers;
  std::size_t left = 0;
  signal done{};
};

template <class T>
task<> answer_in(std::shared_ptr<gathering<T>> all, std::size_t place, task<T> work) {
  /// One is done however it ends.
  struct end {
    gathering<T>& all;
    ~end() {
      if (--all.left == 0) all.done.raise();
    }
  };
  const end at_last{*all};
  all->answers[place] = co_await std::move(work);
}

/// Runs coroutines on the caller's loop, all at the same time, and goes on when the last is done: their answers, in
/// their order. One that ends with an exception leaves a T{}. Should the caller go before, they run on alone.
template <class T>
[[nodiscard]] task<std::vector<T>> gather(std::vector<task<T>> work) {
  const auto here = co_await asio::this_coro::executor;
  const auto all = std::make_shared<gathering<T>>();
  all->answers.resize(work.size());
  all->left = work.size();
  for (std::size_t i = 0; i < work.size(); ++i) spawn(here, answer_in(all, i, std::move(work[i])));
  while (all->left > 0) {
    const auto seen = all->done.version();
    co_await all->done.wait_past(seen);
  }
  co_return std::move(all->answers);
}

}  // namespace refrain::net
