#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gateway/sources/upstream_request.h"

namespace refrain::gateway {

/// Takes a whole and good answer to a list apart: each item's fill gets an entry of its part, and the store too where
/// `storable`. Items of an answer that does not fit are failed.
void fill_items(parts& shared, upstream_request& request, const entry::answer_head& head, std::string_view body,
                const provider::verdict& judged, bool storable);

/// Tells those who wait for the items that are left that there is nothing for them.
void fail_items(parts& shared, upstream_request& request, const base::error& why);

/// How `total` falls to parts of these weights: whole numbers that add up to it.
[[nodiscard]] std::vector<std::uint64_t> share_out(std::uint64_t total, std::span<const item_fill> among);

}  // namespace refrain::gateway
