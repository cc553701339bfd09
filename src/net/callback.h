#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "net/signal.h"

namespace refrain::net {

/// Waits for a value that `ask` has been promised: it is given to the function that `ask` gets, once, on any thread.
/// Where the coroutine has gone by then, nothing happens.
template <class T>
[[nodiscard]] task<T> given_to(std::move_only_function<void(std::function<void(T)>)> ask) {
  struct promise {
    signal given;
    std::optional<T> value;
  };
  const auto mine = std::make_shared<promise>();
  ask([mine](T value) {
    mine->value.emplace(std::move(value));
    mine->given.raise();
  });
  if (mine->given.version() == 0) co_await mine->given.wait_past(0);
  co_return *std::move(mine->value);
}

}  // namespace refrain::net
