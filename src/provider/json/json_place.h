#pragma once

#include <span>
#include <string_view>

namespace refrain::provider {

struct json_place;

struct json_step {
  std::string_view name;    ///< of a member
  const json_place* place;  ///< of its value
};

/// A place in a JSON text, by what lies below it. An array is at the place of its elements.
struct json_place {
  std::span<const json_step> steps{};
  const json_place* others = nullptr;  ///< where the values of all other members are; nullptr: nowhere of interest
  bool in_order = false;               ///< the order of an object's members means something here

  /// Where a member's value is; nullptr where nothing below it is of interest.
  [[nodiscard]] const json_place* below(std::string_view name) const noexcept;
};

/// A request's body to any endpoint. Order means something where a JSON Schema lists `properties`, as models write what
/// it describes in that order: in tools, and in how the answer is to look. A member that is called `properties`
/// elsewhere, in a default or an example, or as the name of a property, is no such list.
extern const json_place request_place;

}  // namespace refrain::provider
