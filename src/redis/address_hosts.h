#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/url.h"

namespace refrain::redis {

/// Reads `host`, `host:port`, `[v6]` or `[v6]:port`, several with commas between them; `port` counts where none is
/// given. Fails with bad_config and a context that repeats nothing, since what stands here may be a password whose @
/// was forgotten.
[[nodiscard]] base::result<std::vector<base::endpoint>> read_hosts(std::string_view text, std::uint16_t port);

/// The same written down: with their ports, IPv6 in brackets and its zone as RFC 6874 has it.
[[nodiscard]] std::string print_hosts(const std::vector<base::endpoint>& hosts, std::string_view separator);

}  // namespace refrain::redis
