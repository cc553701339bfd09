#include <algorithm>
#include <array>
#include <optional>
#include <ranges>
#include <utility>
#include <vector>

#include "provider/families/openai_choices.h"
#include "provider/json/json_text.h"
#include "provider/rules/dialect.h"
#include "provider/rules/events.h"
#include "provider/rules/stream_merge.h"

namespace refrain::provider {
namespace {

using kind = json_tree::kind;

constexpr std::array function_members{merge_rule{.member = "arguments", .action = merging::append}};
constexpr merge_rules function_rules{.members = function_members};
constexpr std::array custom_members{merge_rule{.member = "input", .action = merging::append}};
constexpr merge_rules custom_rules{.members = custom_members};
constexpr std::array call_members{
    merge_rule{.member = "function", .action = merging::members, .inner = &function_rules},
    merge_rule{.member = "custom", .action = merging::members, .inner = &custom_rules},
};
constexpr merge_rules call_rules{.members = call_members};

constexpr std::array detail_members{
    merge_rule{.member = "text", .action = merging::append},
    merge_rule{.member = "summary", .action = merging::append},
};
constexpr merge_rules detail_rules{.members = detail_members};

constexpr std::array block_members{merge_rule{.member = "thinking", .action = merging::append}};
constexpr merge_rules block_rules{.members = block_members};

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
  const auto index = fresh.integer("index");
  const auto at = std::ranges::find_if(
      elements, [&](const json_tree& one) { return index && one.integer("index").value_or(*index) > *index; });
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
  const auto index = piece.integer("index");
  json_tree* last = nullptr;
  for (auto& one : calls | std::views::reverse) {
    if (index && one.integer("index") != index) continue;
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
                      const auto index = piece.integer("index");
                      // Without an index, nothing tells a piece from a fresh one.
                      if (!index) return first ? std::optional<json_tree*>{nullptr} : std::nullopt;
                      for (auto& one : details) {
                        if (one.integer("index") == index && fits(one.spelling("type"), piece.spelling("type")))
                          return &one;
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

/// How the deltas of a chat completion's choice become its message. Only members that are known to come in pieces are
/// joined; of any other, two values that differ do not go together.
///
/// | member | becomes |
/// |---|---|
/// | `content`, `refusal`, `reasoning_content`, `reasoning` | joined |
/// | `tool_calls` | calls by `index`; a piece with another id or name begins another call |
/// | `function_call` | arguments joined |
/// | `reasoning_details` (OpenRouter) | by `index` and `type`; text and summary joined |
/// | `thinking_blocks` (LiteLLM) | a block goes on until it has its signature |
/// | `annotations` | one behind the other |
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
constexpr merge_rules delta_rules{.members = delta_members};

/// The last that is one: some servers spell the null of a chunk so.
bool keep_finish(json_tree& whole, json_tree&& part) {
  if (!part.is_null() && !part.text.empty() && part.text != "null") whole = std::move(part);
  return whole.is_null() || whole.is(kind::string);
}

constexpr std::array chat_choice{
    merge_rule{.member = "delta", .action = merging::members, .inner = &delta_rules, .renamed = "message"},
    merge_rule{.member = "logprobs", .action = merging::concat},
    merge_rule{.member = "finish_reason", .action = merging::special, .merge = keep_finish},
    merge_rule{.member = "stop_reason", .action = merging::last},
    merge_rule{.member = "native_finish_reason", .action = merging::last},
    merge_rule{.member = "content_filter_results", .action = merging::last_words},
};
constexpr std::array completion_choice{
    merge_rule{.member = "text", .action = merging::append},
    merge_rule{.member = "logprobs", .action = merging::concat},
    merge_rule{.member = "finish_reason", .action = merging::special, .merge = keep_finish},
    merge_rule{.member = "stop_reason", .action = merging::last},
    merge_rule{.member = "content_filter_results", .action = merging::last_words},
};
constexpr merge_rules chat_choices{.members = chat_choice};
constexpr merge_rules completion_choices{.members = completion_choice};

/// Groq's own: in the last chunk of a stream the usage stands there once more.
constexpr std::array groq_members{merge_rule{.member = "usage", .action = merging::drop}};
constexpr merge_rules groq_rules{.members = groq_members};

/// What chunks are known to say anew, beside their choices: the last of it is that of the whole.
constexpr std::array<std::string_view, 10> told_anew{
    "id",    "object",   "created",   "model",          "service_tier", "system_fingerprint",
    "usage", "provider", "citations", "search_results",
};

/// A cumulated message beside the delta (Perplexity) says nothing new; without one, it is no chunk that is known.
bool take_message(json_tree& chunk) {
  auto* const choices = chunk.find("choices", kind::array);
  return choices == nullptr || std::ranges::all_of(choices->elements, [](json_tree& choice) {
           const bool has_message = choice.find("message", kind::object) != nullptr;
           const bool is_known = !has_message || choice.find("delta", kind::object) != nullptr;
           if (has_message) choice.erase("message");
           return is_known;
         });
}

bool add_chunk(json_tree& answer, json_tree&& chunk, const openai_choices_shape& shape) {
  std::vector<merge_rule> members{
      merge_rule{.member = "choices",
                 .action = merging::indexed,
                 .inner = shape.says_in_text() ? &completion_choices : &chat_choices},
      merge_rule{.member = "obfuscation", .action = merging::drop},
      merge_rule{.member = "p", .action = merging::drop},
      merge_rule{.member = "x_groq", .action = merging::members, .inner = &groq_rules},
  };
  for (const auto name : told_anew) members.push_back({.member = name, .action = merging::last_words});
  if (!shape.says_in_text() && !take_message(chunk)) return false;
  return merge_members(answer, std::move(chunk), {.members = members});
}

/// Whether a function has arguments that are none or one JSON value.
bool has_whole_arguments(const json_tree* function) {
  const auto* const spelt = function != nullptr ? function->find("arguments", kind::string) : nullptr;
  if (spelt == nullptr || spelt->text.empty()) return true;
  const auto text = text_of_json(spelt->text);
  const auto value = text ? json_tree::parse('[' + *text + ']') : std::nullopt;
  return value && value->elements.size() == 1;
}

/// Takes what only streams have from a message that is whole. False where the arguments of a call are no JSON: pieces
/// of two calls were joined, or the last was cut.
bool finish_calls(json_tree& message) {
  if (!has_whole_arguments(message.find("function_call", kind::object))) return false;
  auto* const calls = message.find("tool_calls", kind::array);
  if (calls == nullptr) return true;
  return std::ranges::all_of(calls->elements, [](json_tree& call) {
    call.erase("index");
    return has_whole_arguments(call.find("function", kind::object));
  });
}

/// What a choice always has and a stream may leave out; and what only streams have. False where a call is not whole.
bool finish_choice(json_tree& choice, const openai_choices_shape& shape) {
  if (choice.find("index") == nullptr) choice["index"] = json_tree::scalar("0");
  json_tree& said = choice[shape.plain_part];
  if (said.is_null()) said = shape.says_in_text() ? json_tree::string("") : json_tree::object();
  if (shape.says_in_text()) return true;
  if (said.find("role") == nullptr) said["role"] = json_tree::string("assistant");
  if (said.find("content") == nullptr) said["content"] = json_tree{};
  return finish_calls(said);
}

}  // namespace

base::result<std::string> merge_openai_choices(std::string_view stream, const openai_choices_shape& shape) {
  auto answer = json_tree::object();
  const bool whole =
      all_event_trees(stream, [&](json_tree&& chunk) { return add_chunk(answer, std::move(chunk), shape); });
  if (!whole) return cannot_turn("a chunk is not JSON, or does not go together with the others");
  auto* const choices = answer.find("choices");
  if (choices == nullptr || choices->elements.empty()) return cannot_turn("its stream has no choice");
  for (auto& choice : choices->elements) {
    if (!finish_choice(choice, shape)) return cannot_turn("the arguments of a call are no JSON");
  }
  answer["object"] = json_tree::string(std::string{shape.plain_object});
  if (answer["usage"].is_null()) answer.erase("usage");
  return answer.to_json();
}

}  // namespace refrain::provider
