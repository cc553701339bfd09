#pragma once

namespace refrain::provider {

/// Whether Python's `repr` writes a character as it is, rather than escaped. What a Python knows hangs on its version's
/// Unicode: characters that came with a later one are told here as Python 3.11 tells them, escaped.
[[nodiscard]] bool is_python_printable(char32_t code_point) noexcept;

}  // namespace refrain::provider
