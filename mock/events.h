#pragma once

#include <boost/json/fwd.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace refrain::mock {

/// A server-sent event that has data alone, with its blank line.
[[nodiscard]] std::string data_event(const boost::json::value& data);

/// A server-sent event with a name and data, with its blank line.
[[nodiscard]] std::string named_event(std::string_view name, const boost::json::value& data);

/// Where x-mock-error-event asks for it: puts `error` in place of all events but the first `after`.
void break_off(std::vector<std::string>& events, std::optional<std::size_t> after, std::string error);

}  // namespace refrain::mock
