#pragma once

#include <string_view>
#include <vector>

#include "base/text.h"
#include "entry/entry.h"

namespace refrain::store {

/// The digests that a person's name for an entry may mean: each part between colons that is 64 hex digits.
[[nodiscard]] inline std::vector<base::digest256> digests_in(std::string_view name) {
  std::vector<base::digest256> found;
  for (const auto part : base::split(name, ':')) {
    if (const auto digest = base::digest256::from_hex(part)) found.push_back(*digest);
  }
  return found;
}

/// Whether `name` is this entry's storage_name or its digest in hex.
[[nodiscard]] inline bool is_named(std::string_view name, const entry::entry_id& id) {
  return name == id.digest.hex() || name == entry::storage_name(id);
}

}  // namespace refrain::store
