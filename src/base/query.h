#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace refrain::base {

/// A parameter of a query.
struct query_parameter {
  std::string_view name;
  std::optional<std::string_view> value;  ///< `a=` and `a` are two things to some servers

  friend bool operator==(const query_parameter&, const query_parameter&) = default;
};

/// A name, a value or a whole query with percent-encoding made alike where that cannot change the meaning (RFC 3986,
/// section 6.2.2): unreserved characters decoded, hex digits upper case. An escape that is none stays as it is. A `+`
/// stays a `+`, as servers differ in whether it is a blank.
[[nodiscard]] std::string normalise_escapes(std::string_view text);

/// Replaces `into` by the parameters of a query, sorted by name, those of one name in the order in which they were
/// sent. They are views into the query, whose escapes are best made alike before: no separator comes of that, as all
/// are reserved.
void sort_parameters(std::string_view query, std::vector<query_parameter>& into);

}  // namespace refrain::base
