#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace refrain::gateway {

/// Credentials that stand in a query, as Google takes them (`?key=`). Names are compared with their escapes undone, as
/// the provider reads them.

/// What the parameters of these names say, percent-decoded; empty for those that are not there. One that is sent more
/// than once is all of its values together: which of them counts is the provider's to choose, so it is no single key.
[[nodiscard]] std::vector<std::string> credentials_in(std::string_view query, std::span<const std::string_view> names);

/// The query without those that stay behind, to the letter but for that: bit i of `kept` says that names[i] goes on.
[[nodiscard]] std::string without_credentials(std::string_view query, std::span<const std::string_view> names,
                                              std::uint32_t kept);

}  // namespace refrain::gateway
