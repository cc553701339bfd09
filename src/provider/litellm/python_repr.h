#pragma once

#include <string>

#include "provider/json/json_tree.h"

namespace refrain::provider {

/// Appends Python's `repr` of the value that its `json.loads` makes of a JSON value: members in their order, strings in
/// the quotes that Python would choose, integers as they are, other numbers as the shortest text that gives the same
/// double. False where Pythons differ, or there is no such value: an integer of more than 64 bits, a number that no
/// double can hold, a string that is no Unicode. `out` is then of no use.
[[nodiscard]] bool append_python_repr(std::string& out, const json_tree& value);

/// The same for `str`: a string is written without quotes as it is, all else as by `repr`.
[[nodiscard]] bool append_python_str(std::string& out, const json_tree& value);

}  // namespace refrain::provider
