#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "net/loop.h"

namespace refrain::cli {

/// Runs a coroutine to its end on this thread, for commands that do one thing after the other.
template <class T>
T run_task(net::loop& home, net::task<T> work) {
  std::optional<T> result;
  std::exception_ptr thrown;
  net::asio::co_spawn(home.get_executor(), std::move(work), [&](std::exception_ptr fault, T value) {
    thrown = fault;
    result.emplace(std::move(value));
    home.stop();
  });
  home.context().restart();  // it may have been stopped by an earlier task
  home.run();
  if (thrown) std::rethrow_exception(thrown);
  return std::move(*result);
}

}  // namespace refrain::cli
