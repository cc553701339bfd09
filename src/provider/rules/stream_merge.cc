#include "provider/rules/stream_merge.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

namespace refrain::provider {
namespace {

using kind = json_tree::kind;

/// Members that say the same each time: providers repeat them, or send them once and then empty.
constexpr std::array<std::string_view, 4> first_wins{"role", "id", "type", "name"};

bool keeps_first(std::string_view name) { return std::ranges::find(first_wins, name) != first_wins.end(); }

std::optional<std::int64_t> index_of(const json_tree& element) {
  const auto* const index = element.find("index");
  return index != nullptr ? index->integer() : std::nullopt;
}

/// Where an element of that index stands, or is to stand, in the order of indices. `otherwise`: the index of those that
/// have none.
auto position_of(std::vector<json_tree>& elements, std::int64_t index, std::int64_t otherwise) {
  return std::ranges::find_if(elements, [=](const auto& one) { return index_of(one).value_or(otherwise) >= index; });
}

bool merge_elements(std::vector<json_tree>& whole, std::vector<json_tree>&& delta) {
  for (auto& element : delta) {
    const auto index = index_of(element);
    if (!index) {
      whole.push_back(std::move(element));
      continue;
    }
    if (whole.size() > max_merged_parts) return false;
    const auto at = position_of(whole, *index, -1);
    if (at == whole.end() || index_of(*at) != index) {
      whole.insert(at, std::move(element));
      continue;
    }
    element.erase("index");
    if (!merge_delta(*at, std::move(element))) return false;
  }
  return true;
}

bool merge_delta_members(json_tree& whole, json_tree&& delta) {
  if (whole.members.size() + delta.members.size() > max_merged_parts) return false;
  for (auto& [name, value] : delta.members) {
    json_tree* const known = whole.find(name);
    if (known == nullptr) {
      // Through the rules all the same: elements of one array may share an index.
      json_tree fresh;
      if (!merge_delta(fresh, std::move(value))) return false;
      whole.members.emplace_back(std::move(name), std::move(fresh));
    } else if (keeps_first(name) && known->is(kind::string) && value.is(kind::string)) {
      if (known->text.empty()) known->text = std::move(value.text);
    } else if (!merge_delta(*known, std::move(value))) {
      return false;
    }
  }
  return true;
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
    const auto index = part.find("index") == nullptr ? 0 : index_of(part);
    if (!index || whole.elements.size() > max_merged_parts) return false;
    auto at = position_of(whole.elements, *index, 0);
    if (at == whole.elements.end() || index_of(*at).value_or(0) != *index) {
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
    case merging::delta: return (part.is_null() || part.is(kind::object)) && merge_delta(whole, std::move(part));
    case merging::members: return merge_object(whole, std::move(part), *rule.inner);
    case merging::indexed: return merge_indexed(whole, std::move(part), *rule.inner);
    case merging::special: return rule.merge(whole, std::move(part));
    case merging::last_words:
      if (part.is(kind::string) && part.text.empty()) return true;
      [[fallthrough]];
    case merging::last:
      if (!part.is_null()) whole = std::move(part);
      return true;
  }
  return false;
}

}  // namespace

bool merge_delta(json_tree& whole, json_tree&& delta) {
  if (delta.is_null()) return true;
  if (whole.is_null()) {
    if (delta.is(kind::array)) whole = json_tree::array();
    if (delta.is(kind::object)) whole = json_tree::object();
    if (whole.is_null()) {
      whole = std::move(delta);
      return true;
    }
  }
  if (whole.type != delta.type) return false;
  switch (whole.type) {
    case kind::scalar: whole.text = std::move(delta.text); return true;
    case kind::string: whole.text.append(delta.text); return true;
    case kind::array: return merge_elements(whole.elements, std::move(delta.elements));
    case kind::object: return merge_delta_members(whole, std::move(delta));
  }
  return false;
}

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
