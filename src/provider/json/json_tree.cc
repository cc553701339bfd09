#include "provider/json/json_tree.h"

#include <algorithm>

#include "base/padded_parser.h"
#include "provider/json/canonical.h"
#include "provider/json/decimal.h"

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

/// Builds trees from texts that have been found to be right, so every fault here is only passed on.
std::optional<json_tree> build(ondemand::value value, unsigned levels);

/// An array or object that is not looked into.
std::optional<json_tree> keep_whole(auto& nested) {
  std::string_view text;
  if (nested.raw_json().get(text)) return std::nullopt;
  return json_tree::scalar(std::string{base::without_space(text)});
}

std::optional<json_tree> build_array(ondemand::array array, unsigned levels) {
  auto tree = json_tree::array();
  for (auto item : array) {
    ondemand::value value;
    if (std::move(item).get(value)) return std::nullopt;
    auto element = build(value, levels - 1);
    if (!element) return std::nullopt;
    tree.elements.push_back(*std::move(element));
  }
  return tree;
}

std::optional<json_tree> build_object(ondemand::object object, unsigned levels) {
  auto tree = json_tree::object();
  for (auto item : object) {
    ondemand::field field;
    if (std::move(item).get(field)) return std::nullopt;
    std::string name = name_of(field);
    auto value = build(field.value(), levels - 1);
    if (!value) return std::nullopt;
    tree.members.emplace_back(std::move(name), *std::move(value));
  }
  return tree;
}

std::optional<json_tree> build(ondemand::value value, unsigned levels) {
  const std::string_view token = base::without_space(value.raw_json_token());
  switch (token.empty() ? '\0' : token.front()) {
    case '{': {
      ondemand::object object;
      if (value.get_object().get(object)) return std::nullopt;
      return levels > 0 ? build_object(object, levels) : keep_whole(object);
    }
    case '[': {
      ondemand::array array;
      if (value.get_array().get(array)) return std::nullopt;
      return levels > 0 ? build_array(array, levels) : keep_whole(array);
    }
    case '"':
      // Taken, lest simdjson reads a string before a colon as a name when it goes on.
      if (value.get_raw_json_string().error()) return std::nullopt;
      return json_tree::string(std::string{token.substr(1, token.size() - 2)});
    default: return json_tree::scalar(std::string{token});
  }
}

template <class Members>
auto* find_in(Members& members, std::string_view name) noexcept {
  const auto at = std::ranges::find(members, name, &json_tree::member::first);
  return at == members.end() ? nullptr : &at->second;
}

}  // namespace

std::optional<json_tree> json_tree::parse(std::string_view json) {
  return canonicaliser::of_thread().read(json) ? parse_outer(json, max_json_depth) : std::nullopt;
}

std::optional<json_tree> json_tree::parse_outer(std::string_view json, unsigned levels) {
  thread_local base::padded_parser parser;
  ondemand::document document;
  ondemand::object object;
  ondemand::array array;
  std::optional<json_tree> tree;
  if (parser.open(json).get(document)) return std::nullopt;
  if (document.get_object().get(object) == simdjson::SUCCESS) {
    tree = build_object(object, levels);
  } else if (document.get_array().get(array) == simdjson::SUCCESS) {
    tree = build_array(array, levels);
  }
  parser.trim();
  return tree;
}

std::optional<std::int64_t> json_tree::integer() const {
  std::string decimal;
  if (!is(kind::scalar) || append_decimal(text, decimal) != decimal_fault::none) return std::nullopt;
  return decimal_to_integer(decimal);
}

const json_tree* json_tree::find(std::string_view name) const noexcept { return find_in(members, name); }

json_tree* json_tree::find(std::string_view name) noexcept { return find_in(members, name); }

const json_tree* json_tree::find(std::string_view name, kind wanted) const noexcept {
  const auto* const member = find(name);
  return member != nullptr && member->is(wanted) ? member : nullptr;
}

json_tree* json_tree::find(std::string_view name, kind wanted) noexcept {
  auto* const member = find(name);
  return member != nullptr && member->is(wanted) ? member : nullptr;
}

std::optional<std::int64_t> json_tree::integer(std::string_view name) const {
  const auto* const member = find(name);
  return member != nullptr ? member->integer() : std::nullopt;
}

std::string_view json_tree::spelling(std::string_view name) const noexcept {
  const auto* const member = find(name, kind::string);
  return member != nullptr ? std::string_view{member->text} : std::string_view{};
}

json_tree& json_tree::operator[](std::string_view name) {
  if (auto* const known = find(name)) return *known;
  return members.emplace_back(std::string{name}, json_tree{}).second;
}

void json_tree::erase(std::string_view name) {
  std::erase_if(members, [name](const member& one) { return one.first == name; });
}

std::string json_tree::to_json() const {
  std::string out;
  write(out);
  return out;
}

void json_tree::write(std::string& out) const {
  switch (type) {
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
