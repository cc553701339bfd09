#pragma once

#include <span>
#include <string_view>

#include "entry/facts.h"
#include "provider/canonical_value.h"

namespace refrain::provider {

/// A top-level member of a request that cannot change the answer's content, and why not: a row of a dialect's denylist.
struct unkeyed_member {
  std::string_view name;
  std::string_view why;
};

/// Fills `content`, `fields` and `user` of the facts from a request's body, an object: a digest for each member that is
/// not on the denylist, and one over all of them in the order of their names. Members that nobody knows are keyed.
void digest_members(const canonical_value& body, std::span<const unkeyed_member> denylist, entry::facts& known);

}  // namespace refrain::provider
