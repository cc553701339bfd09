#pragma once

#include "provider/json/json_tree.h"

namespace refrain::provider {

/// Arrays and objects that pieces are merged into may have as many parts as this: their parts are looked up one by one.
inline constexpr std::size_t max_merged_parts = 4096;

/// Adds a delta to what the earlier ones made. Strings are joined, but for `role`, `id`, `type` and `name`, of which
/// the first that says something counts; elements of arrays with the same `index` become one, in the order of the
/// indices, others follow each other; of anything else the last that is not null counts. False where the two cannot
/// become one; `whole` is then of no use.
[[nodiscard]] bool merge_delta(json_tree& whole, json_tree&& delta);

/// Puts each array of `part`, at any depth of objects, behind the one in `whole`; elsewhere the last that is not null.
/// False as above.
[[nodiscard]] bool append_arrays(json_tree& whole, json_tree&& part);

}  // namespace refrain::provider
