#pragma once

#include <span>
#include <string_view>

#include "entry/parsed_request.h"
#include "provider/json/canonical_value.h"

namespace refrain::provider {

/// A top-level member of a request that cannot change the answer's content, and why not: a row of a dialect's denylist.
struct unkeyed_member {
  std::string_view name;
  std::string_view why;
};

/// A member that says what would hold without it, and so makes no difference: a row of a dialect's defaults.
struct stated_default {
  std::string_view name;
  json_kind kind;
  std::string_view value{};  ///< a string's characters, or a number in the spelling of decimal.h
};

/// Whether the value is the default that the row states.
[[nodiscard]] bool is_default(const stated_default& row, const canonical_value& value) noexcept;

/// Whether a member of the body, or a part of a form, is not to be keyed since the operator or the client has said so.
/// What a request is about (its model, its messages, its text) always is.
[[nodiscard]] bool is_ignored(const entry::parsed_request& parsed, std::string_view name) noexcept;

/// Fills `content`, `fields` and `user` of keyed facts from a request's body, an object: a digest for each member that
/// is not on the denylist, and one over all of them in the order of their names. Members that nobody knows are keyed;
/// those that state a default are left out, as if absent, and so are those that are to be ignored and LiteLLM's `cache`
/// where the facts have its directives.
void digest_members(const canonical_value& body, std::span<const unkeyed_member> denylist,
                    entry::parsed_request& parsed, std::span<const stated_default> defaults = {});

/// Takes something more into `content` and `fields`, under a name of its own: what a request says outside its body, or
/// in it under more than one name.
void digest_also(std::string_view name, std::string_view value, entry::parsed_request& parsed);

}  // namespace refrain::provider
