#pragma once

#include <span>
#include <string>
#include <string_view>

namespace refrain::cache {

/// A credential header's value without its scheme word (`Bearer`, `Token`, ...), so that one key is one tenant in
/// whatever header an SDK puts it. Empty where nothing but the scheme stands there.
[[nodiscard]] std::string_view strip_scheme(std::string_view value) noexcept;

/// Whether a header may hold a credential, by its name: an upstream may tell clients apart by it. Knows the names that
/// providers and proxies use, and those that end like one (`X-Auth-Token`, `X-Api-Key`). `listed`:
/// security.credential_headers, lower case.
[[nodiscard]] bool is_credential_like(std::string_view name, std::span<const std::string> listed) noexcept;

/// A Cookie field without what load balancers and bot filters put there, and send again to any client: it says nothing
/// of who asks.
[[nodiscard]] std::string identifying_cookies(std::string_view value);

/// Whether a credential stands for none (`server.placeholder_keys`): what programs send that want a key to be set but
/// leave it to the gateway. Letter case ignored. An empty one is none as well.
[[nodiscard]] bool is_placeholder(std::string_view credential, std::span<const std::string> placeholders) noexcept;

}  // namespace refrain::cache
