#pragma once

#include <optional>
#include <string_view>

#include "provider/json/json_tree.h"

namespace refrain::provider {

/// Reads what Python's `repr` writes of a dict or list of plain values (None, bool, int, float, str, list, tuple, dict
/// with names for keys) as the JSON value that it stands for; nested as deep as max_json_depth at most. Nothing where
/// it is none; what no `repr` writes (other escapes, prefixes, comments, sets, bytes) is none.
[[nodiscard]] std::optional<json_tree> read_python_literal(std::string_view text);

}  // namespace refrain::provider
