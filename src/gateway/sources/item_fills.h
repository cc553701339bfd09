#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "gateway/sources/upstream_request.h"

namespace refrain::gateway {

/// Makes entries of the parts of a list's answer, by item: each goes to the item's fill, and to the store where
/// `storable`.
void fill_items(parts& shared, upstream_request& request, const entry::answer_head& head,
                std::vector<std::string> bodies, const provider::verdict& judged, bool storable);

/// Tells those who wait for the items that are left that there is nothing for them.
void fail_items(parts& shared, upstream_request& request, const base::error& why);

/// How `total` falls to parts of these weights: whole numbers that add up to it.
[[nodiscard]] std::vector<std::uint64_t> share_out(std::uint64_t total, std::span<const item_fill> among);

}  // namespace refrain::gateway
