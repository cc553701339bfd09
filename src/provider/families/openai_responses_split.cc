#include "provider/families/openai_responses_split.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>
#include <vector>

#include "provider/json/text_pieces.h"
#include "provider/rules/dialect.h"
#include "provider/rules/events.h"
#include "provider/rules/stream_merge.h"

namespace refrain::provider {
namespace {

using kind = json_tree::kind;

json_tree copy_of(const json_tree& object, std::string_view name) {
  const auto* const member = object.find(name);
  return member == nullptr ? json_tree{} : *member;
}

json_tree number(std::size_t value) { return json_tree::scalar(std::to_string(value)); }

/// The array that a member holds; none where it is no array.
const std::vector<json_tree>& elements_of(const json_tree& object, std::string_view name) {
  static const std::vector<json_tree> none;
  const auto* const list = object.find(name, kind::array);
  return list != nullptr ? list->elements : none;
}

/// A part or item before its first piece: texts and lists that it has are empty.
json_tree emptied(json_tree object, std::initializer_list<std::string_view> texts,
                  std::initializer_list<std::string_view> lists) {
  for (auto& [name, value] : object.members) {
    if (std::ranges::find(texts, name) != texts.end()) value = json_tree::string("");
    if (std::ranges::find(lists, name) != lists.end()) value = json_tree::array();
  }
  return object;
}

/// The response as it is before its first item.
json_tree beginning_of(json_tree response) {
  response["status"] = json_tree::string("in_progress");
  response["output"] = json_tree::array();
  for (const auto* const name : {"usage", "completed_at", "incomplete_details"}) {
    if (auto* const member = response.find(name)) *member = json_tree{};
  }
  return response;
}

/// A part or an item whose text comes in pieces.
struct text_kind {
  std::string_view type;
  std::string_view event;   ///< what the types of its events begin with
  std::string_view member;  ///< has the text, here and in the event that ends it
};

constexpr std::array text_kinds{
    text_kind{"output_text", "response.output_text", "text"},
    text_kind{"reasoning_text", "response.reasoning_text", "text"},
    text_kind{"summary_text", "response.reasoning_summary_text", "text"},
    text_kind{"refusal", "response.refusal", "refusal"},
    text_kind{"function_call", "response.function_call_arguments", "arguments"},
    text_kind{"custom_tool_call", "response.custom_tool_call_input", "input"},
};

/// Which part of an item an event is about: `content_index` 0. Without a name, the item itself.
struct part_place {
  std::string_view name{};
  std::size_t index = 0;
};

/// Writes a response as events.
class narration {
 public:
  [[nodiscard]] std::string take() && { return std::move(out_); }

  void tell(const json_tree& response) {
    const auto beginning = beginning_of(response);
    tell_response("response.created", beginning);
    tell_response("response.in_progress", beginning);
    for (const auto& item : elements_of(response, "output")) {
      tell_item(item);
      ++output_index_;
    }
    tell_response(response.spelling("status") == "incomplete" ? "response.incomplete" : "response.completed", response);
  }

 private:
  void tell_response(std::string type, const json_tree& response) {
    write(json_tree::object({{"type", json_tree::string(std::move(type))}, {"response", response}}));
  }

  void tell_item(const json_tree& item) {
    auto fresh = emptied(item, {"arguments", "input"}, {"content", "summary"});
    if (auto* const status = fresh.find("status")) *status = json_tree::string("in_progress");
    tell_whole_item("response.output_item.added", fresh);
    item_id_ = copy_of(item, "id");
    const auto type = item.spelling("type");
    if (type == "message" || type == "reasoning") {
      tell_parts("response.content_part", elements_of(item, "content"), "content_index");
    }
    if (type == "reasoning") {
      tell_parts("response.reasoning_summary_part", elements_of(item, "summary"), "summary_index");
    }
    tell_text(item, {});
    tell_whole_item("response.output_item.done", item);
  }

  void tell_whole_item(std::string type, const json_tree& item) {
    write(json_tree::object(
        {{"type", json_tree::string(std::move(type))}, {"output_index", number(output_index_)}, {"item", item}}));
  }

  void tell_parts(const std::string& event, const std::vector<json_tree>& parts, std::string_view place) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const part_place at{.name = place, .index = i};
      auto fresh = emptied(parts[i], {"text", "refusal"}, {"annotations", "logprobs"});
      write(event_at(at, event + ".added", "part", std::move(fresh)));
      tell_text(parts[i], at);
      write(event_at(at, event + ".done", "part", parts[i]));
    }
  }

  /// The text of a part in a few words each; what an item itself has, such as a call's arguments, in one piece.
  [[nodiscard]] std::vector<json_tree> pieces_of(const json_tree& text, const part_place& at) const {
    std::vector<json_tree> pieces;
    if (!at.name.empty() && text.is(kind::string)) {
      for (const auto one : cut_text(text.text, item_id_.text.size()))
        pieces.push_back(json_tree::string(std::string{one}));
    }
    if (pieces.empty()) pieces.push_back(text);
    return pieces;
  }

  /// The text of a part, or of the item itself, as deltas and whole.
  void tell_text(const json_tree& part, const part_place& at) {
    const auto* const kind = std::ranges::find(text_kinds, part.spelling("type"), &text_kind::type);
    if (kind == text_kinds.end()) return;
    auto logprobs = json_tree::array(elements_of(part, "logprobs"));
    const auto tell_as = [&](std::string_view name, std::string_view ending, json_tree told, json_tree of_it) {
      auto event = event_at(at, std::string{kind->event}.append(ending), name, std::move(told));
      if (kind->type == "output_text") event["logprobs"] = std::move(of_it);
      write(std::move(event));
    };
    const auto whole = copy_of(part, kind->member);
    auto told = logprobs;
    for (auto& piece : pieces_of(whole, at)) {
      tell_as("delta", ".delta", std::move(piece), std::exchange(told, json_tree::array()));
    }
    tell_annotations(part, at);
    tell_as(kind->member, ".done", whole, std::move(logprobs));
  }

  void tell_annotations(const json_tree& part, const part_place& at) {
    std::size_t index = 0;
    for (const auto& annotation : elements_of(part, "annotations")) {
      auto event = event_at(at, "response.output_text.annotation.added", "annotation_index", number(index++));
      event["annotation"] = annotation;
      write(std::move(event));
    }
  }

  /// An event about the item, or a part of it.
  [[nodiscard]] json_tree event_at(const part_place& at, std::string type, std::string_view name,
                                   json_tree value) const {
    auto event = json_tree::object(
        {{"type", json_tree::string(std::move(type))}, {"item_id", item_id_}, {"output_index", number(output_index_)}});
    if (!at.name.empty()) event[at.name] = number(at.index);
    event[name] = std::move(value);
    return event;
  }

  void write(json_tree event) {
    event["sequence_number"] = number(sequence_++);
    append_event(out_, event, event.spelling("type"));
  }

  std::string out_;
  json_tree item_id_;
  std::size_t output_index_ = 0;
  std::size_t sequence_ = 0;
};

}  // namespace

base::result<std::string> split_openai_response(std::string_view plain) {
  const auto response = json_tree::parse(plain);
  const auto* const output = response ? response->find("output", kind::array) : nullptr;
  if (output == nullptr) return cannot_turn("it has no output");
  if (output->elements.size() > max_merged_parts) return cannot_turn("it has too many items");
  narration events;
  events.tell(*response);
  return std::move(events).take();
}

}  // namespace refrain::provider
