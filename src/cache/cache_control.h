#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "cache/directives.h"

namespace refrain::cache {

/// Adds one Cache-Control value to the directives (RFC 9111, section 5.2.1; stale-if-error and stale-while-revalidate
/// of RFC 5861). Tokens and quoted strings, names in any case; of a repeated directive the first counts; what is
/// unknown or lacks its number asks nothing.
void read_cache_control(std::string_view value, directives& into);

/// Seconds as Cache-Control writes them (RFC 9111, section 1.2.2): digits alone; more than 2^31 counts as 2^31.
[[nodiscard]] std::optional<std::chrono::seconds> delta_seconds(std::string_view text) noexcept;

}  // namespace refrain::cache
