#pragma once

#include <expected>
#include <string>
#include <utility>

#include "base/error.h"

namespace refrain::base {

/// A value, or why there is none.
template <class T>
using result = std::expected<T, error>;

/// `return fail(errc::io, "cannot open ...");` in a function that returns a result.
[[nodiscard]] inline std::unexpected<error> fail(errc code, std::string context = {}, bool retry = false) {
  return std::unexpected(error{.code = code, .context = std::move(context), .retry = retry});
}

/// Hands an error on.
[[nodiscard]] inline std::unexpected<error> fail(error why) { return std::unexpected(std::move(why)); }

}  // namespace refrain::base

/// The value of a result; where there is none, the function it stands in returns the error: `auto file =
/// TRY(open(path));`. For functions that return a result themselves, and not for coroutines.
#define TRY(...)                                                        \
  __extension__({                                                       \
    auto tried = __VA_ARGS__;                                           \
    if (!tried) return ::refrain::base::fail(std::move(tried).error()); \
    *std::move(tried);                                                  \
  })
