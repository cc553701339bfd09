#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "provider/json/json_tree.h"

namespace refrain::provider {

/// Arrays and objects that pieces are merged into may have as many parts as this: their parts are looked up one by one.
inline constexpr std::size_t max_merged_parts = 4096;

/// What becomes of a member that several chunks of a stream have. For one that nobody knows it is `same`: nothing tells
/// a piece from a later value.
enum class merging : std::uint8_t {
  last,        ///< the last that is not null counts
  last_words,  ///< the same, but for an empty string, array or object
  same,        ///< it is told once, or says the same each time; null or empty it says nothing
  drop,        ///< streams alone have it
  append,      ///< strings are joined
  concat,      ///< arrays, at any depth of objects, are put behind each other; of anything else the last counts
  members,     ///< an object, each of its members by `inner`
  indexed,     ///< a list of objects: those of one `index`, 0 where they have none, become one by `inner`, in its order
  special,     ///< as `merge` says
};

struct merge_rule;

/// The rules for an object's members.
struct merge_rules {
  std::span<const merge_rule> members{};
  merging others = merging::same;
};

struct merge_rule {
  std::string_view member;
  merging action;
  const merge_rules* inner = nullptr;
  std::string_view renamed{};  ///< what a plain answer calls it, where that is something else
  bool (*merge)(json_tree& whole, json_tree&& part) = nullptr;
};

/// Adds a chunk, an object, to what the earlier ones made. False where they do not go together; `whole` is then of no
/// use.
[[nodiscard]] bool merge_members(json_tree& whole, json_tree&& chunk, const merge_rules& rules);

}  // namespace refrain::provider
