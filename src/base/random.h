#pragma once

#include <cstddef>
#include <string>

namespace refrain::base {

/// So many random bytes as hex digits, two a byte: nobody can guess them, and no two are alike. Any thread. Ends the
/// process where the system has no randomness to give, as nothing would be safe then.
[[nodiscard]] std::string random_hex(std::size_t bytes);

}  // namespace refrain::base
