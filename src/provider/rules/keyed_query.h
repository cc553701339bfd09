#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/query.h"
#include "entry/parsed_request.h"
#include "provider/rules/keyed_members.h"

namespace refrain::provider {

/// A parameter that says what would hold without it: a row of a dialect's defaults.
struct stated_parameter {
  std::string_view name;
  std::string_view value;
};

/// A request's query, for dialects whose content covers it (parsed_request::target_in_content).
class keyed_query {
 public:
  explicit keyed_query(std::string_view raw);
  keyed_query(const keyed_query&) = delete;
  keyed_query& operator=(const keyed_query&) = delete;

  /// What a parameter says, its escapes made alike; `otherwise` where it is absent. Of several the first.
  [[nodiscard]] std::string_view value_or(std::string_view name, std::string_view otherwise) const noexcept;

  /// Whether there is such a parameter, whatever it says.
  [[nodiscard]] bool has(std::string_view name) const noexcept;

  /// Takes all parameters into `known.content`, but those of the denylist and those that state a default: these are as
  /// if absent. One that is sent twice is keyed as it is, as servers differ in which of the two counts. In `fields`
  /// they stand with a question mark: `?output_format`.
  void add_to(entry::parsed_request& parsed, std::span<const unkeyed_member> denylist,
              std::span<const stated_parameter> defaults) const;

 private:
  std::string alike_;  ///< what the parameters are views into
  std::vector<base::query_parameter> parameters_;
};

}  // namespace refrain::provider
