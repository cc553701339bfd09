#pragma once

#include <string_view>
#include <vector>

#include "entry/entry.h"

namespace refrain::store {

/// The digests that a person's name for an entry may mean: each part between colons that is 64 hex digits.
[[nodiscard]] std::vector<base::digest256> digests_in(std::string_view name);

/// Whether `name` is this entry's storage_name or its digest in hex.
[[nodiscard]] bool is_named(std::string_view name, const entry::entry_id& id);

}  // namespace refrain::store
