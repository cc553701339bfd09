#pragma once

#include <string>
#include <string_view>

namespace refrain::base {

/// Base64 with padding (RFC 4648, section 4).
[[nodiscard]] std::string base64_encode(std::string_view bytes);

}  // namespace refrain::base
