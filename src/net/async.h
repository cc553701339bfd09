#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace refrain::net {

namespace asio = boost::asio;

/// A coroutine of the event loop. References are parameters only where the caller's frame awaits it, and it is never a
/// capturing lambda: what they refer to would be gone by the time it runs on.
template <class T = void>
using task = asio::awaitable<T>;

using executor = asio::any_io_executor;

}  // namespace refrain::net
