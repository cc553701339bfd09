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

/// Hands an error on: `if (!x) return fail(std::move(x).error());`
[[nodiscard]] inline std::unexpected<error> fail(error why) { return std::unexpected(std::move(why)); }

}  // namespace refrain::base
