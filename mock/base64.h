#pragma once

#include <string>
#include <string_view>

namespace refrain::mock {

/// Base64 with padding (RFC 4648, section 4). At most 1 GiB.
[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace refrain::mock
