#include <array>
#include <utility>

#include "provider/families/openai_choices.h"
#include "provider/rules/dialect.h"
#include "provider/rules/events.h"
#include "provider/rules/stream_merge.h"

namespace refrain::provider {
namespace {

constexpr std::array chat_choice{
    merge_rule{.member = "delta", .action = merging::delta, .renamed = "message"},
    merge_rule{.member = "logprobs", .action = merging::concat},
};
constexpr std::array completion_choice{
    merge_rule{.member = "text", .action = merging::append},
    merge_rule{.member = "logprobs", .action = merging::concat},
};
constexpr merge_rules chat_choices{.members = chat_choice};
constexpr merge_rules completion_choices{.members = completion_choice};

bool add_chunk(json_tree& answer, json_tree&& chunk, const openai_choices_shape& shape) {
  const std::array members{
      merge_rule{.member = "choices",
                 .action = merging::indexed,
                 .inner = shape.says_in_text() ? &completion_choices : &chat_choices},
      merge_rule{.member = "obfuscation", .action = merging::drop},
  };
  return merge_members(answer, std::move(chunk), {.members = members});
}

/// What a choice always has and a stream may leave out; and what only streams have.
void finish_choice(json_tree& choice, const openai_choices_shape& shape) {
  if (choice.find("index") == nullptr) choice["index"] = json_tree::scalar("0");
  json_tree& said = choice[shape.plain_part];
  if (said.is_null()) said = shape.says_in_text() ? json_tree::string("") : json_tree::object();
  if (shape.says_in_text()) return;
  if (said.find("role") == nullptr) said["role"] = json_tree::string("assistant");
  if (said.find("content") == nullptr) said["content"] = json_tree{};
  if (auto* const calls = said.find("tool_calls")) {
    for (auto& call : calls->elements) call.erase("index");
  }
}

}  // namespace

base::result<std::string> merge_openai_choices(std::string_view stream, const openai_choices_shape& shape) {
  auto answer = json_tree::object();
  const bool whole =
      all_event_trees(stream, [&](json_tree&& chunk) { return add_chunk(answer, std::move(chunk), shape); });
  if (!whole) return cannot_turn("a chunk is not JSON, or does not go together with the others");
  auto* const choices = answer.find("choices");
  if (choices == nullptr || choices->elements.empty()) return cannot_turn("its stream has no choice");
  for (auto& choice : choices->elements) finish_choice(choice, shape);
  answer["object"] = json_tree::string(std::string{shape.plain_object});
  if (answer["usage"].is_null()) answer.erase("usage");
  return answer.to_json();
}

}  // namespace refrain::provider
