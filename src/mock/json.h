#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string_view>

namespace refrain::mock {

/// Reads one JSON text, at most 512 levels deep. Nothing: it is not JSON, or not UTF-8.
[[nodiscard]] std::optional<boost::json::value> parse_json(std::string_view text);

/// The member `name` of an object, or null where `value` is no object or has none of that name.
[[nodiscard]] const boost::json::value* member(const boost::json::value& value, std::string_view name);

/// The string member `name`, or an empty text.
[[nodiscard]] std::string_view string_member(const boost::json::value& value, std::string_view name);

/// Whether the member `name` is true.
[[nodiscard]] bool is_true(const boost::json::value& value, std::string_view name);

}  // namespace refrain::mock
