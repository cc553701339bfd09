#include "provider/json/spelt_json.h"

#include <algorithm>

#include "base/padded_parser.h"

namespace refrain::provider {
namespace {

namespace ondemand = simdjson::ondemand;

std::optional<std::string> spelling_of(ondemand::value value) {
  std::string_view text;
  switch (const std::string_view token = value.raw_json_token(); token.empty() ? '\0' : token.front()) {
    case '[': {
      ondemand::array array;
      if (value.get_array().get(array) || array.raw_json().get(text)) return std::nullopt;
      return std::string{base::without_space(text)};
    }
    case '{': {
      ondemand::object object;
      if (value.get_object().get(object) || object.raw_json().get(text)) return std::nullopt;
      return std::string{base::without_space(text)};
    }
    case '"': {
      const auto spelt = base::without_space(token);
      return value.get_raw_json_string().error() ? std::nullopt : std::optional{std::string{spelt}};
    }
    default: return std::string{base::without_space(token)};
  }
}

std::string spelling_of(ondemand::raw_json_string name) {
  const char* const begin = name.raw();
  std::size_t length = 0;
  while (begin[length] != '"') length += begin[length] == '\\' ? 2 : 1;
  return {begin, length};
}

}  // namespace

std::optional<spelt_object> spelt_members(std::string_view json) {
  thread_local base::padded_parser parser;
  ondemand::document document;
  ondemand::object object;
  if (parser.open(json).get(document) || document.get_object().get(object)) return std::nullopt;
  spelt_object members;
  for (auto item : object) {
    ondemand::field field;
    if (std::move(item).get(field)) return std::nullopt;
    auto name = spelling_of(field.key());
    auto value = spelling_of(field.value());
    if (!value) return std::nullopt;
    members.push_back({.name = std::move(name), .value = *std::move(value)});
  }
  parser.trim();
  return members;
}

std::optional<std::vector<std::string>> spelt_elements(std::string_view json) {
  thread_local base::padded_parser parser;
  ondemand::document document;
  ondemand::array array;
  if (parser.open(json).get(document) || document.get_array().get(array)) return std::nullopt;
  std::vector<std::string> elements;
  for (auto item : array) {
    ondemand::value value;
    if (std::move(item).get(value)) return std::nullopt;
    auto text = spelling_of(value);
    if (!text) return std::nullopt;
    elements.push_back(*std::move(text));
  }
  parser.trim();
  return elements;
}

const std::string* find_spelt(const spelt_object& members, std::string_view name) noexcept {
  const auto at = std::ranges::find(members, name, &spelt_member::name);
  return at == members.end() ? nullptr : &at->value;
}

void append_spelt(std::string& out, std::string_view name, std::string_view value) {
  if (out.back() != '{') out.push_back(',');
  out.append(1, '"').append(name).append("\":").append(value);
}

}  // namespace refrain::provider
