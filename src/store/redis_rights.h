#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "redis/address.h"
#include "redis/rights.h"

namespace refrain::store {

/// All that the store does to the servers of an address, for an ACL to allow and for `doctor` to try, in an order in
/// which the trials leave nothing behind. `prefix` goes before every key; `probe` is a part of names that nobody else
/// has.
[[nodiscard]] std::vector<redis::right> redis_rights(const redis::address& there, std::string_view prefix,
                                                     std::string_view probe);

/// The key that is written to try it, below `refrain:doctor:`.
[[nodiscard]] std::string redis_probe_key(std::string_view prefix, std::string_view probe);

}  // namespace refrain::store
