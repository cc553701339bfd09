#pragma once

#include <optional>
#include <string_view>

#include "entry/entry.h"

namespace refrain::entry {

/// Reads a meta that stands exactly as `encode` writes it: its members in that order, no white space, no others. Every
/// hit from a shared store reads one, and this costs a quarter of reading JSON in general. Nothing where it stands in
/// any other way, however right that may be.
[[nodiscard]] std::optional<meta> decode_straight(std::string_view json);

}  // namespace refrain::entry
