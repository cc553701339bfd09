#include "provider/rules/delta_merge.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include "base/text.h"

namespace refrain::provider {
namespace {

using kind = json_tree::kind;

/// Members that say the same each time: providers repeat them, or send them once and then empty.
constexpr std::array<std::string_view, 4> first_wins{"role", "id", "type", "name"};

bool keeps_first(std::string_view name) { return std::ranges::find(first_wins, name) != first_wins.end(); }

std::optional<std::int64_t> index_of(const json_tree& element) {
  const json_tree* const index = element.find("index");
  if (index == nullptr || !index->is(kind::scalar)) return std::nullopt;
  return base::to_integer<std::int64_t>(index->text);
}

/// Where an element of that index stands, or is to stand, in the order of indices.
auto position_of(std::vector<json_tree>& elements, std::int64_t index) {
  return std::ranges::find_if(elements, [index](const json_tree& one) { return index_of(one).value_or(-1) >= index; });
}

bool merge_elements(std::vector<json_tree>& whole, std::vector<json_tree>&& delta) {
  for (auto& element : delta) {
    const auto index = index_of(element);
    if (!index) {
      whole.push_back(std::move(element));
      continue;
    }
    if (whole.size() > max_merged_parts) return false;
    const auto at = position_of(whole, *index);
    if (at == whole.end() || index_of(*at) != index) {
      whole.insert(at, std::move(element));
      continue;
    }
    element.erase("index");
    if (!merge_delta(*at, std::move(element))) return false;
  }
  return true;
}

bool merge_members(json_tree& whole, json_tree&& delta) {
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
  if (whole.what != delta.what) return false;
  switch (whole.what) {
    case kind::scalar: whole.text = std::move(delta.text); return true;
    case kind::string: whole.text.append(delta.text); return true;
    case kind::array: return merge_elements(whole.elements, std::move(delta.elements));
    case kind::object: return merge_members(whole, std::move(delta));
  }
  return false;
}

bool append_arrays(json_tree& whole, json_tree&& part) {
  if (part.is_null()) return true;
  if (whole.is_null()) {
    whole = std::move(part);
    return true;
  }
  if (whole.what != part.what) return false;
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

}  // namespace refrain::provider
