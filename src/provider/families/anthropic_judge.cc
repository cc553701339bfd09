#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "provider/families/anthropic_answer.h"
#include "provider/rules/json_answer.h"

namespace refrain::provider {
namespace {

constexpr std::array<std::string_view, 5> good_finishes{"end_turn", "tool_use", "stop_sequence", "pause_turn",
                                                        "compaction"};
constexpr std::array<std::string_view, 2> cut_finishes{"max_tokens", "model_context_window_exceeded"};
constexpr std::array<std::string_view, 1> filters{"refusal"};
constexpr finish_reasons finishes{.good = good_finishes, .cut = cut_finishes, .filtered = filters};

bool is_error(const canonical_value& object) { return holds_error(object) || object.text("type") == "error"; }

void replace(std::optional<std::uint64_t>& count, const canonical_value& usage, std::string_view name) {
  if (const auto told = usage.count(name)) count = told;
}

/// Judges the events of a stream, or a plain answer's message.
class messages_judge final : public answer_judge {
 public:
  explicit messages_judge(wire_form form) : form_(form) {}

  [[nodiscard]] uncacheable_reason judge() const override {
    return has_stop_reason_ ? answer_judge::judge() : uncacheable_reason::unfinished_choice;
  }

 private:
  [[nodiscard]] uncacheable_reason read(const canonical_value& object) override {
    if (is_error(object)) return uncacheable_reason::error_event;
    return form_ == wire_form::stream ? take_event(object) : take_message(object);
  }

  uncacheable_reason take_event(const canonical_value& event) {
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

  uncacheable_reason take_start(const canonical_value& event) {
    const auto message = event.find("message");
    if (started_ || !message) return uncacheable_reason::malformed_answer;
    started_ = true;
    return take_message(*message);
  }

  uncacheable_reason take_message(const canonical_value& message) {
    if (is_error(message)) return uncacheable_reason::error_event;
    const auto content = message.find("content");
    if (!content || !content->is(json_kind::array)) return uncacheable_reason::malformed_answer;
    for (auto left = content->elements(); const auto block = left.next();) {
      if (const auto why = take_part(block); why != uncacheable_reason::none) return why;
    }
    take_usage(message);
    return take_end(message);
  }

  uncacheable_reason take_part(const std::optional<canonical_value>& part) {
    if (!part || !part->is(json_kind::object)) return uncacheable_reason::malformed_answer;
    // One that says only what it is says nothing.
    has_content_ = has_content_ || part->holds_more_than({"type"});
    return uncacheable_reason::none;
  }

  uncacheable_reason take_end(const canonical_value& end) {
    const auto stated = end.given("stop_reason");
    if (stated && !stated->is(json_kind::string)) return uncacheable_reason::malformed_answer;
    if (end.given("container")) return uncacheable_reason::server_state;
    const auto details = end.find("stop_details");
    if (details && details->given("fallback_credit_token")) return uncacheable_reason::server_state;
    const auto reason = end.text("stop_reason");
    if (reason.empty()) return uncacheable_reason::none;
    has_stop_reason_ = true;
    return take_finish(reason, finishes);
  }

  void take_usage(const canonical_value& object) {
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

  /// As the last event that had them said: its counts are of the whole message.
  struct counts {
    std::optional<std::uint64_t> input;
    std::optional<std::uint64_t> cache_read;
    std::optional<std::uint64_t> cache_creation;
    std::optional<std::uint64_t> output;
  };

  wire_form form_;
  counts counted_;
  bool started_ = false;
  bool has_stop_reason_ = false;
};

}  // namespace

std::unique_ptr<answer_reader> read_anthropic_answer(wire_form form) {
  auto judge = std::make_unique<messages_judge>(form);
  if (form == wire_form::plain) return read_json_answer(std::move(judge));
  return read_event_stream(std::move(judge), stream_end::final_event);
}

}  // namespace refrain::provider
