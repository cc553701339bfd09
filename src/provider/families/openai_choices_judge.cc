#include <array>

#include "provider/families/openai_choices.h"
#include "provider/rules/json_answer.h"

namespace refrain::provider {
namespace {

/// OpenAI's, and those by which servers that speak its API say the same: Hugging Face's (`eos_token`, `stop_sequence`),
/// Together's (`eos`), Mistral's (`model_length`).
constexpr std::array<std::string_view, 6> good_finishes{"stop", "tool_calls",    "function_call",
                                                        "eos",  "stop_sequence", "eos_token"};
constexpr std::array<std::string_view, 2> cut_finishes{"length", "model_length"};
/// OpenAI's and Zhipu's.
constexpr std::array<std::string_view, 2> filters{"content_filter", "sensitive"};
constexpr finish_reasons finishes{.good = good_finishes, .cut = cut_finishes, .filtered = filters};

/// A message or delta that says only whose it is says nothing; a completion's text says what is in it.
bool says_something(const canonical_value& message) {
  return message.is(json_kind::string) ? message.holds_something() : message.holds_more_than({"role"});
}

/// Takes the objects of a stream one after the other, or a plain answer's only one.
class openai_choices_judge final : public choices_judge {
 public:
  /// `carrier` names the member that holds what a choice says.
  explicit openai_choices_judge(std::string_view carrier) : carrier_(carrier) {}

  /// `usage` without a choice.
  [[nodiscard]] bool is_usage_event(const canonical_value& chunk) const override {
    const auto usage = chunk.find("usage");
    if (!usage || !usage->is(json_kind::object)) return false;
    const auto choices = chunk.given("choices");
    return !choices || (choices->is(json_kind::array) && !choices->holds_something());
  }

 private:
  [[nodiscard]] uncacheable_reason read(const canonical_value& object) override {
    // A stream says null of it until the end.
    const auto usage = object.find("usage");
    if (usage && usage->is(json_kind::object)) usage_ = read_openai_usage(usage);
    return take_choices(object.find("choices"));
  }

  uncacheable_reason take_choice(const canonical_value& one, bool& finished) override {
    if (holds_error(one)) return uncacheable_reason::error_event;
    if (const auto message = one.find(carrier_)) has_content_ = has_content_ || says_something(*message);
    const auto stated = one.given("finish_reason");
    if (stated && !stated->is(json_kind::string)) return uncacheable_reason::malformed_answer;
    const auto reason = one.text("finish_reason");
    // Some servers spell the null of a stream's chunks so.
    if (reason.empty() || reason == "null") return uncacheable_reason::none;
    finished = true;
    return take_finish(reason, finishes);
  }

  std::string_view carrier_;
};

}  // namespace

std::unique_ptr<answer_reader> read_openai_choices(wire_form form, const openai_choices_shape& shape) {
  if (form == wire_form::plain) return read_json_answer(std::make_unique<openai_choices_judge>(shape.plain_part));
  return read_event_stream(std::make_unique<openai_choices_judge>(shape.stream_part), stream_end::done_event);
}

}  // namespace refrain::provider
