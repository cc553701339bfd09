#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace refrain::base {

/// Base64 with padding (RFC 4648, section 4).
[[nodiscard]] std::string base64_encode(std::string_view bytes);

/// Undoes it. Nothing where the text is not just that: padding is needed, white space and other alphabets are faults.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

}  // namespace refrain::base
