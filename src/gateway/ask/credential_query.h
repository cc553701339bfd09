#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"

namespace refrain::gateway {

/// Credentials that stand in a query, as Google takes them (`?key=`). Names are compared with their escapes undone, as
/// the provider reads them.

/// What the parameters of these names say, percent-decoded; empty for those that are not there. One that is sent more
/// than once is all of its values together: which of them counts is the provider's to choose, so it is no single key.
[[nodiscard]] std::vector<std::string> credentials_in(std::string_view query, std::span<const std::string_view> names);

/// The query without those that stay behind, to the letter but for that: bit i of `kept` says that names[i] goes on.
/// The keys of these clients do not, in whatever parameter they stand; nullptr: of none.
[[nodiscard]] std::string without_credentials(std::string_view query, std::span<const std::string_view> names,
                                              std::uint32_t kept,
                                              const std::map<std::string, config::client_settings>* clients = nullptr);

}  // namespace refrain::gateway
