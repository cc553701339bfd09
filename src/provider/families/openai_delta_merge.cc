#include "provider/families/openai_delta_merge.h"

#include <algorithm>
#include <array>
#include <optional>
#include <ranges>
#include <utility>
#include <vector>

#include "provider/json/json_text.h"

namespace refrain::provider {
namespace {

using kind = json_tree::kind;

constexpr std::array function_members{merge_rule{.member = "arguments", .action = merging::append}};
constexpr merge_rules function_rules{.members = function_members, .others = merging::same};
constexpr std::array custom_members{merge_rule{.member = "input", .action = merging::append}};
constexpr merge_rules custom_rules{.members = custom_members, .others = merging::same};
constexpr std::array call_members{
    merge_rule{.member = "function", .action = merging::members, .inner = &function_rules},
    merge_rule{.member = "custom", .action = merging::members, .inner = &custom_rules},
};
constexpr merge_rules call_rules{.members = call_members, .others = merging::same};

constexpr std::array detail_members{
    merge_rule{.member = "text", .action = merging::append},
    merge_rule{.member = "summary", .action = merging::append},
};
constexpr merge_rules detail_rules{.members = detail_members, .others = merging::same};

constexpr std::array block_members{merge_rule{.member = "thinking", .action = merging::append}};
constexpr merge_rules block_rules{.members = block_members, .others = merging::same};

std::optional<std::int64_t> index_of(const json_tree& element) {
  const auto* const index = element.find("index");
  return index != nullptr ? index->integer() : std::nullopt;
}

std::string_view id_of(const json_tree& call) { return call.spelling("id"); }

std::string_view name_of(const json_tree& call) {
  for (const auto* const holder : {"function", "custom"}) {
    if (const auto* const named = call.find(holder, kind::object)) return named->spelling("name");
  }
  return {};
}

/// Whether what both say is the same.
bool fits(std::string_view one, std::string_view other) { return one.empty() || other.empty() || one == other; }

/// Adds an element in the order of indices, behind those of its own; without an index at the end.
void insert(std::vector<json_tree>& elements, json_tree&& fresh) {
  const auto index = index_of(fresh);
  const auto at = std::ranges::find_if(
      elements, [&](const json_tree& one) { return index && index_of(one).value_or(*index) > *index; });
  elements.insert(at, std::move(fresh));
}

/// Merges each element of `parts` into the one that `find` finds for it in `whole`, or adds it as a fresh one. False
/// where they do not go together; `find` returns nothing where it cannot tell.
template <class Find>
bool merge_list(json_tree& whole, json_tree&& parts, const merge_rules& rules, Find find) {
  if (parts.is_null()) return true;
  if (whole.is_null()) whole = json_tree::array();
  if (!parts.is(kind::array) || !whole.is(kind::array)) return false;
  for (auto& part : parts.elements) {
    if (!part.is(kind::object) || whole.elements.size() > max_merged_parts) return false;
    const std::optional<json_tree*> known = find(whole.elements, part);
    if (!known) return false;
    if (*known == nullptr) {
      insert(whole.elements, std::move(part));
    } else if (!merge_members(**known, std::move(part), rules)) {
      return false;
    }
  }
  return true;
}

/// The call that a piece goes on with; null where it is another one. Nothing where that is not clear.
std::optional<json_tree*> find_call(std::vector<json_tree>& calls, const json_tree& piece) {
  const auto index = index_of(piece);
  json_tree* last = nullptr;
  for (auto& one : calls | std::views::reverse) {
    if (index && index_of(one) != index) continue;
    const bool same_id = !id_of(piece).empty() && id_of(one) == id_of(piece);
    if (same_id && fits(name_of(one), name_of(piece))) return &one;
    if (last == nullptr) last = &one;
  }
  if (last == nullptr) return nullptr;
  if (fits(id_of(*last), id_of(piece)) && fits(name_of(*last), name_of(piece))) return last;
  // A name that goes on, or another call? Where calls have ids, another one has its own.
  if (id_of(piece).empty() && !id_of(*last).empty()) return std::nullopt;
  return nullptr;
}

bool merge_calls(json_tree& whole, json_tree&& parts) {
  return merge_list(whole, std::move(parts), call_rules, find_call);
}

bool merge_details(json_tree& whole, json_tree&& parts) {
  const bool first = whole.is_null() || whole.elements.empty();
  return merge_list(whole, std::move(parts), detail_rules,
                    [first](std::vector<json_tree>& details, const json_tree& piece) -> std::optional<json_tree*> {
                      const auto index = index_of(piece);
                      // Without an index, nothing tells a piece from a fresh one.
                      if (!index) return first ? std::optional<json_tree*>{nullptr} : std::nullopt;
                      for (auto& one : details) {
                        if (index_of(one) == index && fits(one.spelling("type"), piece.spelling("type"))) return &one;
                      }
                      return nullptr;
                    });
}

bool merge_blocks(json_tree& whole, json_tree&& parts) {
  return merge_list(whole, std::move(parts), block_rules,
                    [](std::vector<json_tree>& blocks, const json_tree& piece) -> std::optional<json_tree*> {
                      const bool goes_on = !blocks.empty() && piece.spelling("type") == "thinking" &&
                                           blocks.back().spelling("type") == "thinking" &&
                                           blocks.back().spelling("signature").empty();
                      return goes_on ? &blocks.back() : nullptr;
                    });
}

constexpr std::array delta_members{
    merge_rule{.member = "content", .action = merging::append},
    merge_rule{.member = "refusal", .action = merging::append},
    merge_rule{.member = "reasoning_content", .action = merging::append},
    merge_rule{.member = "reasoning", .action = merging::append},
    merge_rule{.member = "tool_calls", .action = merging::special, .merge = merge_calls},
    merge_rule{.member = "function_call", .action = merging::members, .inner = &function_rules},
    merge_rule{.member = "reasoning_details", .action = merging::special, .merge = merge_details},
    merge_rule{.member = "thinking_blocks", .action = merging::special, .merge = merge_blocks},
    merge_rule{.member = "annotations", .action = merging::concat},
};

/// Whether a function has arguments that are none or one JSON value.
bool has_whole_arguments(const json_tree* function) {
  const auto* const spelt = function != nullptr ? function->find("arguments", kind::string) : nullptr;
  if (spelt == nullptr || spelt->text.empty()) return true;
  const auto text = text_of_json(spelt->text);
  const auto value = text ? json_tree::parse('[' + *text + ']') : std::nullopt;
  return value && value->elements.size() == 1;
}

}  // namespace

constinit const merge_rules openai_delta_rules{.members = delta_members, .others = merging::same};

bool finish_openai_calls(json_tree& message) {
  if (!has_whole_arguments(message.find("function_call", kind::object))) return false;
  auto* const calls = message.find("tool_calls", kind::array);
  if (calls == nullptr) return true;
  return std::ranges::all_of(calls->elements, [](json_tree& call) {
    call.erase("index");
    return has_whole_arguments(call.find("function", kind::object));
  });
}

}  // namespace refrain::provider
