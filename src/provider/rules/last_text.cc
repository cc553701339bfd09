#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "provider/json/json_text.h"
#include "provider/json/json_tree.h"
#include "provider/rules/dialect.h"

namespace refrain::provider {
namespace {

using kind = json_tree::kind;

/// Stands in the text's place where the rest is digested. Not empty, since some endpoints then do something else.
constexpr std::string_view placeholder = "?";

/// Whether a member is this text, if it is there.
bool may_be(const json_tree& object, std::string_view member, std::string_view text) {
  return object.find(member) == nullptr || text_of_json(object.spelling(member)) == text;
}

bool holds_something(const json_tree& value) { return !value.elements.empty() || !value.members.empty(); }

/// Members by which a request asks for tools, tells of their use, or gives the answer a schema: such an answer is more,
/// or less, than words. Of all dialects, as the names are nowhere else.
constexpr std::array<std::string_view, 15> tool_members{
    "tools",          "functions",          "tool_calls",      "function_call", "tool_call_id",
    "functionCall",   "functionResponse",   "toolConfig",      "json_schema",   "schema",
    "responseSchema", "responseJsonSchema", "response_schema", "format",        "output_config"};
constexpr std::array<std::string_view, 4> tool_parts{"tool_use", "tool_result", "function_call",
                                                     "function_call_output"};
/// How many answers are wanted.
constexpr std::array<std::string_view, 3> counts{"n", "candidateCount", "best_of"};

bool is_one_of(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

/// A `format` that is a word (`text`, `json`) sets no schema; an object with no more than its type does not either.
bool asks_for_more(const json_tree::member& one) {
  const auto& [name, value] = one;
  if (name == "type" && value.is(kind::string)) return is_one_of(tool_parts, value.text);
  if (is_one_of(counts, name)) return value.is(kind::scalar) && !value.is_null() && value.integer() != 1;
  if (name == "format") return value.members.size() > 1;
  return is_one_of(tool_members, name) && holds_something(value);
}

/// Whether a request wants more than one answer in words.
bool wants_more_than_words(const json_tree& from) {
  return std::ranges::any_of(from.elements, wants_more_than_words) ||
         std::ranges::any_of(from.members, [](const json_tree::member& one) {
           return asks_for_more(one) || wants_more_than_words(one.second);
         });
}

/// A part with a text and nothing else but how it is to be cached.
json_tree* text_of_part(json_tree& part) {
  static constexpr std::array<std::string_view, 3> known{"type", "text", "cache_control"};
  const bool is_text = may_be(part, "type", "text") || may_be(part, "type", "input_text");
  const bool is_alone = std::ranges::all_of(
      part.members, [](const json_tree::member& one) { return std::ranges::find(known, one.first) != known.end(); });
  return is_text && is_alone ? part.find("text", kind::string) : nullptr;
}

/// The text of a message, if that is all it says: images, and results of tools, are more than it.
json_tree* text_of_message(json_tree& message, std::string_view content) {
  const bool is_persons = may_be(message, "role", "user") && may_be(message, "type", "message");
  const bool has_more = std::ranges::any_of(message.members, [&](const json_tree::member& one) {
    return one.first != content && holds_something(one.second);
  });
  auto* const said = message.find(content);
  if (!is_persons || has_more || said == nullptr) return nullptr;
  if (said->is(kind::string)) return said;
  if (said->is(kind::object)) return text_of_part(*said);
  return said->elements.size() == 1 ? text_of_part(said->elements.front()) : nullptr;
}

json_tree* last_text(json_tree& body, const text_place& where) {
  if (const auto* const barred = body.find(where.barred); barred != nullptr && holds_something(*barred)) return nullptr;
  auto* const said = body.find(where.said);
  if (said == nullptr) return nullptr;
  if (said->is(kind::string)) return said;
  if (where.content.empty()) return nullptr;
  if (said->is(kind::object)) return text_of_message(*said, where.content);
  return said->elements.empty() ? nullptr : text_of_message(said->elements.back(), where.content);
}

}  // namespace

std::optional<provider::semantic_view> dialect::semantic_view(const request_view& request) const {
  const auto& where = rules_.last_text;
  if (where.said.empty()) return std::nullopt;
  auto body = json_tree::parse(request.body);
  auto* const found = body && !wants_more_than_words(*body) ? last_text(*body, where) : nullptr;
  auto text = found != nullptr ? text_of_json(found->text) : std::nullopt;
  if (!text || text->empty()) return std::nullopt;
  *found = json_tree::string(std::string{placeholder});
  auto rest = request;
  const auto without_text = body->to_json();
  rest.body = without_text;
  const auto parsed = read(rest);
  if (parsed.why_not != uncacheable_reason::none || parsed.exact_only) return std::nullopt;
  return provider::semantic_view{.text = *std::move(text), .rest = parsed.content};
}

}  // namespace refrain::provider
