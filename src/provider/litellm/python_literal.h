#pragma once

#include <optional>
#include <string_view>

#include "provider/json/json_tree.h"

namespace refrain::provider {

/// Reads what Python's `repr` writes of a dict or list of plain values (None, bool, int, float, str, list, tuple, dict
/// with names for keys) as the JSON value that it stands for: its tokens are spelt as JSON, which json_tree then reads,
/// within the limits of that. Nothing where it is none; other escapes, prefixes, comments, sets and bytes are none.
[[nodiscard]] std::optional<json_tree> read_python_literal(std::string_view text);

}  // namespace refrain::provider
