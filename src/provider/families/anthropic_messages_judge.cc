#include "provider/families/anthropic_messages_judge.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;

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

uncacheable_reason anthropic_messages_judge::take(const canonical_value& object) {
  if (!object.is(json_kind::object)) return uncacheable_reason::malformed_answer;
  if (is_error(object)) return uncacheable_reason::error_event;
  return form_ == entry::wire_form::stream ? take_event(object) : take_message(object);
}

uncacheable_reason anthropic_messages_judge::take_event(const canonical_value& event) {
  const auto type = event.text("type");
  if (type.empty()) return uncacheable_reason::malformed_answer;
  if (type == "message_start") return take_start(event);
  if (!started_) return type == "ping" ? uncacheable_reason::none : uncacheable_reason::malformed_answer;
  if (type == "content_block_start") return take_part(event.find("content_block"));
  if (type == "content_block_delta") return take_part(event.find("delta"));
  if (type == "message_delta") {
    take_usage(event);
    const auto delta = event.find("delta");
    return delta ? take_end(*delta) : uncacheable_reason::none;
  }
  if (type == "message_stop") ended_ = true;
  return uncacheable_reason::none;
}

uncacheable_reason anthropic_messages_judge::take_start(const canonical_value& event) {
  const auto message = event.find("message");
  if (started_ || !message) return uncacheable_reason::malformed_answer;
  started_ = true;
  return take_message(*message);
}

uncacheable_reason anthropic_messages_judge::take_message(const canonical_value& message) {
  if (is_error(message)) return uncacheable_reason::error_event;
  const auto content = message.find("content");
  if (!content || !content->is(json_kind::array)) return uncacheable_reason::malformed_answer;
  for (auto left = content->elements(); const auto block = left.next();) {
    if (const auto why = take_part(block); why != uncacheable_reason::none) return why;
  }
  take_usage(message);
  return take_end(message);
}

uncacheable_reason anthropic_messages_judge::take_part(const std::optional<canonical_value>& part) {
  if (!part || !part->is(json_kind::object)) return uncacheable_reason::malformed_answer;
  has_content_ = has_content_ || says_something(*part);
  return uncacheable_reason::none;
}

uncacheable_reason anthropic_messages_judge::take_end(const canonical_value& end) {
  const auto reason = end.find("stop_reason");
  if (reason && holds_something(*reason)) has_stop_reason_ = true;
  if (is_there(end.find("container"))) return uncacheable_reason::server_state;
  const auto details = end.find("stop_details");
  return details && is_there(details->find("fallback_credit_token")) ? uncacheable_reason::server_state
                                                                     : uncacheable_reason::none;
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

uncacheable_reason anthropic_messages_judge::judge() const {
  if (!has_stop_reason_) return uncacheable_reason::unfinished_choice;
  return has_content_ ? uncacheable_reason::none : uncacheable_reason::empty_answer;
}

}  // namespace refrain::provider
