#include "provider/families/openai_chat_choices.h"

#include <algorithm>

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;

/// Eight times what OpenAI lets `n` be.
constexpr std::size_t max_choices = 1024;

/// A message or delta that says only whose it is says nothing; a completion's text says what is in it.
bool says_something(const canonical_value& message) {
  if (message.is(json_kind::string)) return holds_something(message);
  for (auto left = message.members(); const auto member = left.next();) {
    if (member->name != "role" && holds_something(member->value)) return true;
  }
  return false;
}

}  // namespace

uncacheable_reason openai_chat_choices::take(const canonical_value& object) {
  if (!object.is(json_kind::object)) return uncacheable_reason::malformed_answer;
  if (holds_error(object)) return uncacheable_reason::error_event;
  // A stream says null of it until the end.
  const auto usage = object.find("usage");
  if (usage && usage->is(json_kind::object)) usage_ = read_openai_usage(usage);
  const auto choices = object.find("choices");
  if (!choices || choices->is(json_kind::null)) return uncacheable_reason::none;
  if (!choices->is(json_kind::array)) return uncacheable_reason::malformed_answer;
  for (auto left = choices->elements(); const auto one = left.next();) {
    if (const auto why = take_choice(*one); why != uncacheable_reason::none) return why;
  }
  return uncacheable_reason::none;
}

uncacheable_reason openai_chat_choices::take_choice(const canonical_value& one) {
  if (!one.is(json_kind::object)) return uncacheable_reason::malformed_answer;
  if (holds_error(one)) return uncacheable_reason::error_event;
  const auto index = one.find("index");
  choice* const state = find_or_add(index ? index->integer().value_or(-1) : 0);
  if (state == nullptr) return uncacheable_reason::malformed_answer;
  if (const auto message = one.find(carrier_)) has_content_ = has_content_ || says_something(*message);

  const auto reason = one.find("finish_reason");
  const auto text = reason ? reason->string() : std::nullopt;
  if (text == "content_filter") return uncacheable_reason::content_filter;
  if (text && !text->empty()) state->finished = true;
  return uncacheable_reason::none;
}

openai_chat_choices::choice* openai_chat_choices::find_or_add(std::int64_t index) {
  const auto known = std::ranges::find(choices_, index, &choice::index);
  if (known != choices_.end()) return &*known;
  if (index < 0 || choices_.size() == max_choices) return nullptr;
  return &choices_.emplace_back(choice{.index = index});
}

uncacheable_reason openai_chat_choices::judge() const {
  if (choices_.empty()) return uncacheable_reason::empty_answer;
  if (!std::ranges::all_of(choices_, &choice::finished)) return uncacheable_reason::unfinished_choice;
  return has_content_ ? uncacheable_reason::none : uncacheable_reason::empty_answer;
}

bool openai_chat_choices::is_usage_event(const canonical_value& chunk) const {
  const auto usage = chunk.find("usage");
  if (!usage || !usage->is(json_kind::object)) return false;
  const auto choices = chunk.find("choices");
  return !choices || choices->is(json_kind::null) ||
         (choices->is(json_kind::array) && !choices->elements().next().has_value());
}

}  // namespace refrain::provider
