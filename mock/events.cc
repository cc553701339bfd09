#include "mock/events.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

namespace refrain::mock {

std::string data_event(const boost::json::value& data) {
  return fmt::format("data: {}\n\n", boost::json::serialize(data));
}

std::string named_event(std::string_view name, const boost::json::value& data) {
  return fmt::format("event: {}\n{}", name, data_event(data));
}

void break_off(std::vector<std::string>& events, std::optional<std::size_t> after, std::string error) {
  if (!after) return;
  events.resize(std::min(*after, events.size()));
  events.push_back(std::move(error));
}

}  // namespace refrain::mock
