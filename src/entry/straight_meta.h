#pragma once

#include <string_view>

#include "base/result.h"
#include "entry/entry.h"

namespace refrain::entry {

/// Reads a meta that stands exactly as `encode` writes it: its members in that order, no white space, no others. Every
/// hit from a shared store reads one, and this costs less than reading JSON in general. Fails with store_corrupt, and
/// the member that is missing or wrong, where it stands in any other way, however right that may be: then `into`, which
/// must be a fresh one, holds a part of it.
[[nodiscard]] base::result<void> decode_straight(std::string_view json, meta& into);

}  // namespace refrain::entry
