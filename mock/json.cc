#include "mock/json.h"

#include <boost/json.hpp>
#include <charconv>
#include <cmath>

namespace refrain::mock {

std::optional<json::value> parse_json(std::string_view text) {
  json::error_code fault;
  json::parse_options limits;
  limits.max_depth = 512;
  auto value = json::parse(text, fault, {}, limits);
  if (fault) return std::nullopt;
  return value;
}

const json::value* member(object_view from, std::string_view name) {
  return from.get() == nullptr ? nullptr : from.get()->if_contains(name);
}

const json::value* find_in(const json::value& from, std::string_view pointer) {
  json::error_code nowhere;
  return from.find_pointer(pointer, nowhere);
}

const json::array& list_of(const json::value* value) {
  static const json::array none;
  const auto* list = value == nullptr ? nullptr : value->if_array();
  return list == nullptr ? none : *list;
}

std::string_view string_member(object_view from, std::string_view name) {
  const auto* found = member(from, name);
  return found != nullptr && found->is_string() ? std::string_view(found->get_string()) : std::string_view{};
}

std::optional<double> number_member(object_view from, std::string_view name) {
  const auto* found = member(from, name);
  if (found == nullptr) return std::nullopt;
  double number = 0;
  if (found->is_number()) {
    number = found->to_number<double>();
  } else {
    const auto text = string_member(from, name);
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  }
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

unsigned count_member(object_view from, std::string_view name) {
  const auto number = number_member(from, name).value_or(0);
  return number > 0 && number <= 1e6 ? static_cast<unsigned>(number) : 0;
}

std::int64_t count_member(object_view from, std::string_view name, std::int64_t otherwise) {
  const auto* found = member(from, name);
  return found != nullptr && found->is_int64() ? found->get_int64() : otherwise;
}

std::optional<std::size_t> limit_member(object_view from, std::string_view name) {
  const auto number = count_member(from, name, -1);
  return number < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(number));
}

bool is_true(object_view from, std::string_view name) {
  const auto* found = member(from, name);
  return found != nullptr && found->is_bool() && found->get_bool();
}

}  // namespace refrain::mock
