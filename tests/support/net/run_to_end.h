#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <utility>

#include "net/async.h"

namespace refrain::net {

/// For tests: runs a coroutine on a loop of its own until it is done, and hands back its result.
template <class T>
T run_to_end(task<T> work) {
  asio::io_context loop;
  // It may wait for what another loop brings about.
  auto stay = asio::make_work_guard(loop);
  std::optional<T> answer;
  asio::co_spawn(loop, std::move(work), [&](std::exception_ptr fault, T value) {
    stay.reset();
    if (fault) std::rethrow_exception(fault);
    answer.emplace(std::move(value));
  });
  loop.run();
  return std::move(*answer);
}

}  // namespace refrain::net
