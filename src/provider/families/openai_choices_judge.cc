#include <algorithm>
#include <vector>

#include "provider/families/openai_choices.h"
#include "provider/rules/json_answer.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;

/// Eight times what OpenAI lets `n` be.
constexpr std::size_t max_choices = 1024;

/// A message or delta that says only whose it is says nothing; a completion's text says what is in it.
bool says_something(const canonical_value& message) {
  if (message.is(json_kind::string)) return message.holds_something();
  for (auto left = message.members(); const auto member = left.next();) {
    if (member->name != "role" && member->value.holds_something()) return true;
  }
  return false;
}

/// What is known of an answer's choices so far; takes the objects of a stream one after the other, or a plain answer's
/// only one.
class choices_judge final : public answer_judge {
 public:
  /// `carrier` names the member that holds what a choice says.
  explicit choices_judge(std::string_view carrier) : carrier_(carrier) {}

  [[nodiscard]] uncacheable_reason take(const canonical_value& object) override;
  /// `usage` without a choice.
  [[nodiscard]] bool is_usage_event(const canonical_value& chunk) const override;
  /// Whether each choice has come to its end and there is something in them.
  [[nodiscard]] uncacheable_reason judge() const override;
  [[nodiscard]] const entry::token_usage& usage() const override { return usage_; }

 private:
  struct choice {
    std::int64_t index = 0;
    bool finished = false;
  };

  uncacheable_reason take_choice(const canonical_value& one);
  choice* find_or_add(std::int64_t index);

  std::string_view carrier_;
  std::vector<choice> choices_;
  bool has_content_ = false;
  entry::token_usage usage_;
};

uncacheable_reason choices_judge::take(const canonical_value& object) {
  if (!object.is(json_kind::object)) return uncacheable_reason::malformed_answer;
  if (holds_error(object)) return uncacheable_reason::error_event;
  // A stream says null of it until the end.
  const auto usage = object.find("usage");
  if (usage && usage->is(json_kind::object)) usage_ = read_openai_usage(usage);
  const auto choices = object.given("choices");
  if (!choices) return uncacheable_reason::none;
  if (!choices->is(json_kind::array)) return uncacheable_reason::malformed_answer;
  for (auto left = choices->elements(); const auto one = left.next();) {
    if (const auto why = take_choice(*one); why != uncacheable_reason::none) return why;
  }
  return uncacheable_reason::none;
}

uncacheable_reason choices_judge::take_choice(const canonical_value& one) {
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

choices_judge::choice* choices_judge::find_or_add(std::int64_t index) {
  const auto known = std::ranges::find(choices_, index, &choice::index);
  if (known != choices_.end()) return &*known;
  if (index < 0 || choices_.size() == max_choices) return nullptr;
  return &choices_.emplace_back(choice{.index = index});
}

uncacheable_reason choices_judge::judge() const {
  if (choices_.empty()) return uncacheable_reason::empty_answer;
  if (!std::ranges::all_of(choices_, &choice::finished)) return uncacheable_reason::unfinished_choice;
  return has_content_ ? uncacheable_reason::none : uncacheable_reason::empty_answer;
}

bool choices_judge::is_usage_event(const canonical_value& chunk) const {
  const auto usage = chunk.find("usage");
  if (!usage || !usage->is(json_kind::object)) return false;
  const auto choices = chunk.given("choices");
  return !choices || (choices->is(json_kind::array) && !choices->holds_something());
}

}  // namespace

std::unique_ptr<answer_reader> read_openai_choices(entry::wire_form form, const openai_choices_shape& shape) {
  if (form == entry::wire_form::plain) return read_json_answer(std::make_unique<choices_judge>(shape.plain_part));
  return read_event_stream(std::make_unique<choices_judge>(shape.stream_part), stream_end::done_event);
}

}  // namespace refrain::provider
