#include "mock/json.h"

#include <boost/json.hpp>

namespace refrain::mock {

namespace json = boost::json;

std::optional<json::value> parse_json(std::string_view text) {
  json::error_code fault;
  json::parse_options limits;
  limits.max_depth = 512;
  auto value = json::parse(text, fault, {}, limits);
  if (fault) return std::nullopt;
  return value;
}

const json::value* member(const json::value& value, std::string_view name) {
  const auto* object = value.if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

std::string_view string_member(const json::value& value, std::string_view name) {
  const auto* found = member(value, name);
  return found != nullptr && found->is_string() ? std::string_view(found->get_string()) : std::string_view{};
}

bool is_true(const json::value& value, std::string_view name) {
  const auto* found = member(value, name);
  return found != nullptr && found->is_bool() && found->get_bool();
}

}  // namespace refrain::mock
