#include "provider/json/json_tree.h"

#include <algorithm>

#include "base/padded_parser.h"
#include "provider/json/canonical.h"

namespace refrain::provider {
namespace {

namespace ondemand = simdjson::ondemand;

/// A member's name as it is spelt, but for escapes that it does not need: it is looked up by its spelling.
std::string name_of(ondemand::field& field) {
  const char* const begin = field.key().raw();
  const char* end = begin;
  while (*end != '"') end += *end == '\\' ? 2 : 1;
  const std::string_view spelt{begin, static_cast<std::size_t>(end - begin)};
  std::string_view name;
  if (!spelt.contains('\\') || field.unescaped_key().get(name)) return std::string{spelt};
  const bool needs_escapes =
      std::ranges::any_of(name, [](unsigned char c) { return c < 0x20 || c == '"' || c == '\\'; });
  return std::string{needs_escapes ? spelt : name};
}

/// Builds trees from texts that `canonicaliser` has found to be right, so every fault here is only passed on.
std::optional<json_tree> build(ondemand::value value);

std::optional<json_tree> build_array(ondemand::array array) {
  auto tree = json_tree::array();
  for (auto item : array) {
    ondemand::value value;
    if (std::move(item).get(value)) return std::nullopt;
    auto element = build(value);
    if (!element) return std::nullopt;
    tree.elements.push_back(*std::move(element));
  }
  return tree;
}

std::optional<json_tree> build_object(ondemand::object object) {
  auto tree = json_tree::object();
  for (auto item : object) {
    ondemand::field field;
    if (std::move(item).get(field)) return std::nullopt;
    std::string name = name_of(field);
    auto value = build(field.value());
    if (!value) return std::nullopt;
    tree.members.emplace_back(std::move(name), *std::move(value));
  }
  return tree;
}

std::optional<json_tree> build(ondemand::value value) {
  const std::string_view token = base::without_space(value.raw_json_token());
  switch (token.empty() ? '\0' : token.front()) {
    case '{': {
      ondemand::object object;
      if (value.get_object().get(object)) return std::nullopt;
      return build_object(object);
    }
    case '[': {
      ondemand::array array;
      if (value.get_array().get(array)) return std::nullopt;
      return build_array(array);
    }
    case '"': return json_tree::string(std::string{token.substr(1, token.size() - 2)});
    default: return json_tree::scalar(std::string{token});
  }
}

template <class Members>
auto find_in(Members& members, std::string_view name) noexcept {
  return std::ranges::find(members, name, &json_tree::member::first);
}

}  // namespace

std::optional<json_tree> json_tree::parse(std::string_view json) {
  if (!canonicaliser::of_thread().read(json)) return std::nullopt;
  thread_local base::padded_parser parser;
  ondemand::document document;
  ondemand::object object;
  ondemand::array array;
  std::optional<json_tree> tree;
  if (parser.open(json).get(document)) return std::nullopt;
  if (document.get_object().get(object) == simdjson::SUCCESS) {
    tree = build_object(object);
  } else if (document.get_array().get(array) == simdjson::SUCCESS) {
    tree = build_array(array);
  }
  parser.trim();
  return tree;
}

const json_tree* json_tree::find(std::string_view name) const noexcept {
  const auto at = find_in(members, name);
  return at == members.end() ? nullptr : &at->second;
}

json_tree* json_tree::find(std::string_view name) noexcept {
  const auto at = find_in(members, name);
  return at == members.end() ? nullptr : &at->second;
}

json_tree& json_tree::operator[](std::string_view name) {
  if (auto* const known = find(name)) return *known;
  return members.emplace_back(std::string{name}, json_tree{}).second;
}

void json_tree::erase(std::string_view name) {
  std::erase_if(members, [name](const member& one) { return one.first == name; });
}

void json_tree::write(std::string& out) const {
  switch (what) {
    case kind::scalar: out.append(text); return;
    case kind::string: out.append(1, '"').append(text).push_back('"'); return;
    case kind::array:
      out.push_back('[');
      for (const auto& element : elements) {
        if (&element != &elements.front()) out.push_back(',');
        element.write(out);
      }
      out.push_back(']');
      return;
    case kind::object:
      out.push_back('{');
      for (const auto& one : members) {
        if (&one != &members.front()) out.push_back(',');
        out.append(1, '"').append(one.first).append("\":");
        one.second.write(out);
      }
      out.push_back('}');
      return;
  }
}

}  // namespace refrain::provider
