#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace refrain::net {

namespace asio = boost::asio;

/// A coroutine of the event loop. It takes its parameters by value, and is never a capturing lambda: both would be gone
/// by the time it runs on.
template <class T = void>
using task = asio::awaitable<T>;

using executor = asio::any_io_executor;

}  // namespace refrain::net
