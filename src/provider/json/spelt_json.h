#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace refrain::provider {

/// One level of a JSON text, with all below it as it is spelt: for answers whose parts are long and of no interest,
/// such as vectors. `json_tree` reads to the bottom.

/// An object's member: its name as it is spelt, without quotes, and its value.
struct spelt_member {
  std::string name;
  std::string value;
};
using spelt_object = std::vector<spelt_member>;

/// The members of an object, in their order; nothing where the text is none.
[[nodiscard]] std::optional<spelt_object> spelt_members(std::string_view json);

/// The elements of an array; nothing where the text is none.
[[nodiscard]] std::optional<std::vector<std::string>> spelt_elements(std::string_view json);

/// The value of the member of that name; nullptr where there is none.
[[nodiscard]] const std::string* find_spelt(const spelt_object& members, std::string_view name) noexcept;

/// Appends a member to an object that is being written: `out` begins with its brace.
void append_spelt(std::string& out, std::string_view name, std::string_view value);

}  // namespace refrain::provider
