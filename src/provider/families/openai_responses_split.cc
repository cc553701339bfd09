#include "provider/families/openai_responses_split.h"

#include <utility>
#include <vector>

#include "provider/rules/endpoint.h"
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

/// Puts another value where the object has the member; one that it does not have stays away.
void replace(json_tree& object, std::string_view name, json_tree value) {
  if (auto* const member = object.find(name)) *member = std::move(value);
}

/// The response as it is before its first item.
json_tree beginning_of(json_tree response) {
  response["status"] = json_tree::string("in_progress");
  response["output"] = json_tree::array();
  for (const auto* const name : {"usage", "completed_at", "incomplete_details"}) replace(response, name, json_tree{});
  return response;
}

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
  void tell_item(const json_tree& item) {
    auto fresh = item;
    replace(fresh, "status", json_tree::string("in_progress"));
    for (const auto* const name : {"content", "summary"}) replace(fresh, name, json_tree::array());
    for (const auto* const name : {"arguments", "input"}) replace(fresh, name, json_tree::string(""));
    tell_about("response.output_item.added", "item", std::move(fresh));
    item_id_ = copy_of(item, "id");
    const auto type = item.spelling("type");
    if (type == "message" || type == "reasoning") tell_contents(item);
    if (type == "reasoning") tell_summary(item);
    if (type == "function_call") tell_words(item, "response.function_call_arguments", "arguments");
    if (type == "custom_tool_call") tell_words(item, "response.custom_tool_call_input", "input");
    tell_about("response.output_item.done", "item", item);
  }

  void tell_contents(const json_tree& item) {
    std::size_t index = 0;
    for (const auto& part : elements_of(item, "content")) tell_part(part, "content_index", index++);
  }

  void tell_summary(const json_tree& item) {
    std::size_t index = 0;
    for (const auto& part : elements_of(item, "summary")) {
      auto fresh = part;
      replace(fresh, "text", json_tree::string(""));
      tell_at("response.reasoning_summary_part.added", "summary_index", index, "part", std::move(fresh));
      tell_words(part, "response.reasoning_summary_text", "text", "summary_index", index);
      tell_at("response.reasoning_summary_part.done", "summary_index", index, "part", part);
      ++index;
    }
  }

  void tell_part(const json_tree& part, std::string_view place, std::size_t index) {
    const auto type = part.spelling("type");
    auto fresh = part;
    for (const auto* const name : {"text", "refusal"}) replace(fresh, name, json_tree::string(""));
    for (const auto* const name : {"annotations", "logprobs"}) replace(fresh, name, json_tree::array());
    tell_at("response.content_part.added", place, index, "part", std::move(fresh));
    if (type == "output_text") tell_words(part, "response.output_text", "text", place, index);
    if (type == "reasoning_text") tell_words(part, "response.reasoning_text", "text", place, index);
    if (type == "refusal") tell_words(part, "response.refusal", "refusal", place, index);
    tell_at("response.content_part.done", place, index, "part", part);
  }

  /// A text of a part, or of the item itself, as one delta and whole. `name`: the member that holds it, here and in the
  /// last event.
  void tell_words(const json_tree& part, const std::string& what, std::string_view name, std::string_view place = {},
                  std::size_t index = 0) {
    const auto words = copy_of(part, name);
    const bool has_logprobs = what == "response.output_text";
    auto delta = event_at(what + ".delta", place, index);
    delta["delta"] = words;
    if (has_logprobs) delta["logprobs"] = json_tree::array(elements_of(part, "logprobs"));
    write(std::move(delta));
    tell_annotations(part, place, index);
    auto done = event_at(what + ".done", place, index);
    done[name] = words;
    if (has_logprobs) done["logprobs"] = json_tree::array(elements_of(part, "logprobs"));
    write(std::move(done));
  }

  void tell_annotations(const json_tree& part, std::string_view place, std::size_t index) {
    std::size_t at = 0;
    for (const auto& annotation : elements_of(part, "annotations")) {
      auto event = event_at("response.output_text.annotation.added", place, index);
      event["annotation_index"] = number(at++);
      event["annotation"] = annotation;
      write(std::move(event));
    }
  }

  void tell_response(const std::string& type, json_tree response) {
    auto event = event_of(type);
    event["response"] = std::move(response);
    write(std::move(event));
  }

  /// An event that carries an item.
  void tell_about(const std::string& type, std::string_view name, json_tree value) {
    auto event = event_of(type);
    event["output_index"] = number(output_index_);
    event[name] = std::move(value);
    write(std::move(event));
  }

  /// An event that carries a part of the item.
  void tell_at(const std::string& type, std::string_view place, std::size_t index, std::string_view name,
               json_tree value) {
    auto event = event_at(type, place, index);
    event[name] = std::move(value);
    write(std::move(event));
  }

  [[nodiscard]] json_tree event_at(const std::string& type, std::string_view place, std::size_t index) const {
    auto event = event_of(type);
    event["item_id"] = item_id_;
    event["output_index"] = number(output_index_);
    if (!place.empty()) event[place] = number(index);
    return event;
  }

  [[nodiscard]] static json_tree event_of(const std::string& type) {
    auto event = json_tree::object();
    event["type"] = json_tree::string(type);
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
