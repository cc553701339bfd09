#include "provider/anthropic_messages_judge.h"

namespace refrain::provider {
namespace {

using entry::refusal;

bool is_there(const std::optional<canonical_value>& member) { return member && !member->is(json_kind::null); }

/// A block or delta that says only what it is says nothing.
bool says_something(const canonical_value& part) {
  for (auto left = part.members(); const auto member = left.next();) {
    if (member->name != "type" && holds_something(member->value)) return true;
  }
  return false;
}

bool is_error(const canonical_value& object) { return holds_error(object) || object.text("type") == "error"; }

void replace(std::optional<std::uint64_t>& count, const canonical_value& usage, std::string_view name) {
  const auto member = usage.find(name);
  const auto told = member ? member->integer() : std::nullopt;
  if (told && *told >= 0) count = static_cast<std::uint64_t>(*told);
}

}  // namespace

refusal anthropic_messages_judge::take(const canonical_value& object) {
  if (!object.is(json_kind::object)) return refusal::malformed_answer;
  if (is_error(object)) return refusal::error_event;
  return form_ == entry::wire_form::stream ? take_event(object) : take_message(object);
}

refusal anthropic_messages_judge::take_event(const canonical_value& event) {
  const auto type = event.text("type");
  if (type.empty()) return refusal::malformed_answer;
  if (type == "message_start") return take_start(event);
  if (!started_) return type == "ping" ? refusal::none : refusal::malformed_answer;
  if (type == "content_block_start") return take_part(event.find("content_block"));
  if (type == "content_block_delta") return take_part(event.find("delta"));
  if (type == "message_delta") {
    take_usage(event);
    const auto delta = event.find("delta");
    return delta ? take_end(*delta) : refusal::none;
  }
  if (type == "message_stop") ended_ = true;
  return refusal::none;
}

refusal anthropic_messages_judge::take_start(const canonical_value& event) {
  const auto message = event.find("message");
  if (started_ || !message) return refusal::malformed_answer;
  started_ = true;
  return take_message(*message);
}

refusal anthropic_messages_judge::take_message(const canonical_value& message) {
  if (is_error(message)) return refusal::error_event;
  const auto content = message.find("content");
  if (!content || !content->is(json_kind::array)) return refusal::malformed_answer;
  for (auto left = content->elements(); const auto block = left.next();) {
    if (const auto why = take_part(block); why != refusal::none) return why;
  }
  take_usage(message);
  return take_end(message);
}

refusal anthropic_messages_judge::take_part(const std::optional<canonical_value>& part) {
  if (!part || !part->is(json_kind::object)) return refusal::malformed_answer;
  has_content_ = has_content_ || says_something(*part);
  return refusal::none;
}

refusal anthropic_messages_judge::take_end(const canonical_value& end) {
  const auto reason = end.find("stop_reason");
  if (reason && holds_something(*reason)) has_stop_reason_ = true;
  if (is_there(end.find("container"))) return refusal::server_state;
  const auto details = end.find("stop_details");
  return details && is_there(details->find("fallback_credit_token")) ? refusal::server_state : refusal::none;
}

void anthropic_messages_judge::take_usage(const canonical_value& object) {
  const auto usage = object.find("usage");
  if (!usage) return;
  replace(counted_.input, *usage, "input_tokens");
  replace(counted_.cache_read, *usage, "cache_read_input_tokens");
  replace(counted_.cache_creation, *usage, "cache_creation_input_tokens");
  replace(counted_.output, *usage, "output_tokens");
  if (counted_.input) {
    usage_.input = *counted_.input + counted_.cache_read.value_or(0) + counted_.cache_creation.value_or(0);
  }
  usage_.cached_input = counted_.cache_read;
  usage_.output = counted_.output;
}

refusal anthropic_messages_judge::judge() const {
  if (!has_stop_reason_) return refusal::unfinished_choice;
  return has_content_ ? refusal::none : refusal::empty_answer;
}

}  // namespace refrain::provider
