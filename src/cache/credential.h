#pragma once

#include <span>
#include <string>
#include <string_view>

namespace refrain::cache {

/// A credential header's value without its scheme word (`Bearer`, `Token`, ...), so that one key is one tenant in
/// whatever header an SDK puts it. Empty where nothing but the scheme stands there.
[[nodiscard]] std::string_view strip_scheme(std::string_view value) noexcept;

/// Whether a credential stands for none (`server.placeholder_keys`): what programs send that want a key to be set but
/// leave it to the gateway. Letter case ignored. An empty one is none as well.
[[nodiscard]] bool is_placeholder(std::string_view credential, std::span<const std::string> placeholders) noexcept;

}  // namespace refrain::cache
