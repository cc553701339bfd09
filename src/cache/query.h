#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/digest.h"

namespace refrain::cache {

/// Adds a query to a key: its parameters in the order, and with the percent-encoding, of base/query.h.
/// `left_out`: parameters that are no part of the key, by their decoded names.
void add_query(base::digest_input& key, std::string_view query, std::span<const std::string_view> left_out);

}  // namespace refrain::cache
