#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "provider/families/openai_choices.h"
#include "provider/families/openai_delta_merge.h"
#include "provider/rules/dialect.h"
#include "provider/rules/events.h"
#include "provider/rules/stream_merge.h"

namespace refrain::provider {
namespace {

/// The last that is one: some servers spell the null of a chunk so.
bool keep_finish(json_tree& whole, json_tree&& part) {
  if (!part.is_null() && !part.text.empty() && part.text != "null") whole = std::move(part);
  return whole.is_null() || whole.is(json_tree::kind::string);
}

constexpr std::array chat_choice{
    merge_rule{.member = "delta", .action = merging::members, .inner = &openai_delta_rules, .renamed = "message"},
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
  auto* const choices = chunk.find("choices", json_tree::kind::array);
  return choices == nullptr || std::ranges::all_of(choices->elements, [](json_tree& choice) {
           const bool has_message = choice.find("message", json_tree::kind::object) != nullptr;
           const bool is_known = !has_message || choice.find("delta", json_tree::kind::object) != nullptr;
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

/// What a choice always has and a stream may leave out; and what only streams have. False where a call is not whole.
bool finish_choice(json_tree& choice, const openai_choices_shape& shape) {
  if (choice.find("index") == nullptr) choice["index"] = json_tree::scalar("0");
  json_tree& said = choice[shape.plain_part];
  if (said.is_null()) said = shape.says_in_text() ? json_tree::string("") : json_tree::object();
  if (shape.says_in_text()) return true;
  if (said.find("role") == nullptr) said["role"] = json_tree::string("assistant");
  if (said.find("content") == nullptr) said["content"] = json_tree{};
  return finish_openai_calls(said);
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
