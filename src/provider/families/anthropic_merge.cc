#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "provider/families/anthropic_answer.h"
#include "provider/json/json_text.h"
#include "provider/rules/dialect.h"
#include "provider/rules/events.h"
#include "provider/rules/stream_merge.h"

namespace refrain::provider {
namespace {

using kind = json_tree::kind;

bool push_back(json_tree& list, json_tree&& part) {
  if (list.is_null()) list = json_tree::array();
  list.elements.push_back(std::move(part));
  return list.is(kind::array);
}

constexpr std::array text_members{merge_rule{.member = "text", .action = merging::append}};
constexpr std::array thinking_members{merge_rule{.member = "thinking", .action = merging::append}};
constexpr std::array citation_members{
    merge_rule{.member = "citation", .action = merging::special, .renamed = "citations", .merge = push_back}};
/// What comes in one piece: signatures, compacted contexts, usage.
constexpr std::array whole_members{merge_rule{.member = "type", .action = merging::drop}};
constexpr merge_rules whole_rules{.members = whole_members, .others = merging::last};

/// How a delta changes its block.
struct delta_kind {
  std::string_view type;
  std::string_view needs;  ///< a member without which it does not fit; empty for none
  merge_rules rules;
};

constexpr std::array delta_kinds{
    delta_kind{"text_delta", "text", {text_members, merging::drop}},
    delta_kind{"thinking_delta", "thinking", {thinking_members, merging::drop}},
    delta_kind{"citations_delta", "citation", {citation_members, merging::drop}},
    delta_kind{"signature_delta", "", whole_rules},
    delta_kind{"compaction_delta", "", whole_rules},
};

constexpr std::array end_members{
    merge_rule{.member = "type", .action = merging::drop},
    merge_rule{.member = "usage", .action = merging::members, .inner = &whole_rules},
};

/// Gathers a stream's events into one message.
class gathering {
 public:
  /// False where the event does not go together with the earlier ones, or is not known.
  bool add(json_tree&& event) {
    const auto type = event.spelling("type");
    if (type == "ping" || type == "content_block_stop" || type == "message_stop") return true;
    if (type == "message_start") return start(event);
    if (type == "content_block_start") return start_block(event);
    if (type == "content_block_delta") return add_delta(event);
    return type == "message_delta" && end(std::move(event));
  }

  /// The message; nothing where there is none, or a tool's input is no object.
  std::optional<std::string> finish() && {
    if (!started_) return std::nullopt;
    auto& blocks = message_["content"].elements;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      if (inputs_[i].empty()) continue;
      auto input = json_tree::parse(inputs_[i]);
      if (!input || !input->is(kind::object)) return std::nullopt;
      blocks[i]["input"] = *std::move(input);
    }
    return message_.to_json();
  }

 private:
  bool start(json_tree& event) {
    auto* const message = event.find("message", kind::object);
    if (std::exchange(started_, true) || message == nullptr) return false;
    message_ = std::move(*message);
    json_tree& content = message_["content"];
    if (content.is_null()) content = json_tree::array();
    return content.is(kind::array) && content.elements.empty();
  }

  bool start_block(json_tree& event) {
    auto* const block = event.find("content_block", kind::object);
    if (!started_ || block == nullptr) return false;
    auto& blocks = message_["content"].elements;
    if (index_of(event) != blocks.size()) return false;
    if (block->spelling("type") == "fallback") take_over(*block);
    blocks.push_back(std::move(*block));
    inputs_.emplace_back();
    return true;
  }

  /// From here on another model answers, and the message is its own.
  void take_over(const json_tree& block) {
    const auto* const to = block.find("to");
    const auto* const model = to == nullptr ? nullptr : to->find("model");
    if (model != nullptr) message_["model"] = *model;
  }

  bool add_delta(json_tree& event) {
    const auto index = index_of(event);
    auto* const delta = event.find("delta");
    if (!index || *index >= inputs_.size() || delta == nullptr) return false;
    const auto type = delta->spelling("type");
    if (type == "input_json_delta") return add_input(inputs_[*index], *delta);
    const auto* const known = std::ranges::find(delta_kinds, type, &delta_kind::type);
    if (known == delta_kinds.end()) return false;
    const auto* const needed = delta->find(known->needs);
    if (!known->needs.empty() && (needed == nullptr || needed->is_null())) return false;
    return merge_members(message_["content"].elements[*index], std::move(*delta), known->rules);
  }

  /// JSON within a string of JSON: without the outer escapes.
  static bool add_input(std::string& input, const json_tree& delta) {
    const auto* const part = delta.find("partial_json", kind::string);
    const auto text = part != nullptr ? text_of_json(part->text) : std::nullopt;
    if (text) input.append(*text);
    return text.has_value();
  }

  bool end(json_tree&& event) {
    if (!started_) return false;
    if (auto* const delta = event.find("delta", kind::object)) {
      if (!merge_members(message_, std::move(*delta), whole_rules)) return false;
    }
    event.erase("delta");
    return merge_members(message_, std::move(event), {.members = end_members, .others = merging::last});
  }

  static std::optional<std::size_t> index_of(const json_tree& event) {
    const auto at = event.integer("index");
    return at && *at >= 0 ? std::optional{static_cast<std::size_t>(*at)} : std::nullopt;
  }

  json_tree message_ = json_tree::object();
  std::vector<std::string> inputs_;  ///< of each block: the JSON text of its input, as far as it came in deltas
  bool started_ = false;
};

}  // namespace

base::result<std::string> merge_anthropic_stream(std::string_view stream) {
  gathering gathered;
  const bool whole = all_event_trees(stream, [&](json_tree&& event) { return gathered.add(std::move(event)); });
  if (!whole) return cannot_turn("an event is not known, or does not fit");
  auto body = std::move(gathered).finish();
  if (!body) return cannot_turn("it has no message, or a tool's input is no JSON object");
  return *std::move(body);
}

}  // namespace refrain::provider
