#include "provider/rules/stream_merge.h"

#include <algorithm>
#include <iterator>
#include <optional>

namespace refrain::provider {
namespace {

using kind = json_tree::kind;

/// Where an element of that index stands, or is to stand, in the order of indices; one that has none has 0.
auto position_of(std::vector<json_tree>& elements, std::int64_t index) {
  return std::ranges::find_if(elements, [=](const auto& one) { return one.integer("index").value_or(0) >= index; });
}

/// Whether it is an empty string, array or object.
bool is_empty(const json_tree& value) {
  if (value.is(kind::string)) return value.text.empty();
  return !value.is(kind::scalar) && value.elements.empty() && value.members.empty();
}

bool keep_same(json_tree& whole, json_tree&& part) {
  if (part.is_null() || (is_empty(part) && !whole.is_null())) return true;
  if (whole.is_null() || is_empty(whole)) {
    whole = std::move(part);
    return true;
  }
  return whole.type == part.type && whole.to_json() == part.to_json();
}

/// Puts each array of `part`, at any depth of objects, behind the one in `whole`; elsewhere the last that is not null.
bool append_arrays(json_tree& whole, json_tree&& part) {
  if (part.is_null()) return true;
  if (whole.is_null()) {
    whole = std::move(part);
    return true;
  }
  if (whole.type != part.type) return false;
  if (whole.is(kind::array)) {
    std::ranges::move(part.elements, std::back_inserter(whole.elements));
  } else if (whole.is(kind::object)) {
    if (whole.members.size() + part.members.size() > max_merged_parts) return false;
    for (auto& [name, value] : part.members) {
      if (!append_arrays(whole[name], std::move(value))) return false;
    }
  } else {
    whole.text = std::move(part.text);
  }
  return true;
}

bool append_string(json_tree& whole, json_tree&& part) {
  if (part.is_null()) return true;
  if (whole.is_null()) whole = json_tree::string("");
  whole.text.append(part.text);
  return whole.is(kind::string) && part.is(kind::string);
}

bool merge_indexed(json_tree& whole, json_tree&& parts, const merge_rules& inner) {
  if (parts.is_null()) return true;
  if (whole.is_null()) whole = json_tree::array();
  if (!parts.is(kind::array) || !whole.is(kind::array)) return false;
  for (auto& part : parts.elements) {
    const auto index = part.find("index") == nullptr ? 0 : part.integer("index");
    if (!index || whole.elements.size() > max_merged_parts) return false;
    auto at = position_of(whole.elements, *index);
    if (at == whole.elements.end() || at->integer("index").value_or(0) != *index) {
      at = whole.elements.insert(at, json_tree::object());
    }
    if (!merge_members(*at, std::move(part), inner)) return false;
  }
  return true;
}

bool merge_object(json_tree& whole, json_tree&& part, const merge_rules& inner) {
  if (part.is_null()) return true;
  if (whole.is_null()) whole = json_tree::object();
  return whole.is(kind::object) && merge_members(whole, std::move(part), inner);
}

bool merge_member(json_tree& whole, json_tree&& part, const merge_rule& rule) {
  switch (rule.action) {
    case merging::drop: return true;
    case merging::append: return append_string(whole, std::move(part));
    case merging::concat: return append_arrays(whole, std::move(part));
    case merging::same: return keep_same(whole, std::move(part));
    case merging::members: return merge_object(whole, std::move(part), *rule.inner);
    case merging::indexed: return merge_indexed(whole, std::move(part), *rule.inner);
    case merging::special: return rule.merge(whole, std::move(part));
    case merging::last_words:
      if (is_empty(part) && !whole.is_null()) return true;
      [[fallthrough]];
    case merging::last:
      if (!part.is_null()) whole = std::move(part);
      return true;
  }
  return false;
}

}  // namespace

bool merge_members(json_tree& whole, json_tree&& chunk, const merge_rules& rules) {
  if (!chunk.is(kind::object) || whole.members.size() > max_merged_parts) return false;
  for (auto& [name, value] : chunk.members) {
    const auto known = std::ranges::find(rules.members, name, &merge_rule::member);
    const merge_rule rule = known != rules.members.end() ? *known : merge_rule{.member = name, .action = rules.others};
    if (rule.action == merging::drop) continue;
    if (!merge_member(whole[rule.renamed.empty() ? rule.member : rule.renamed], std::move(value), rule)) return false;
  }
  return true;
}

}  // namespace refrain::provider
