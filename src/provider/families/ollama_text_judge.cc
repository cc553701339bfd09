#include "provider/families/ollama_text_judge.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;

std::optional<std::uint64_t> count_in(const canonical_value& answer, std::string_view name) {
  const auto member = answer.find(name);
  const auto count = member ? member->integer() : std::nullopt;
  if (!count || *count < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*count);
}

bool message_says_something(const canonical_value& message) {
  for (auto left = message.members(); const auto member = left.next();) {
    if (member->name != "role" && holds_something(member->value)) return true;
  }
  return false;
}

bool says_something(const canonical_value& line) {
  for (const auto* const name : {"response", "thinking", "tool_calls", "image"}) {
    if (const auto said = line.find(name); said && holds_something(*said)) return true;
  }
  const auto message = line.find("message");
  return message && message_says_something(*message);
}

class text_judge final : public answer_judge {
 public:
  [[nodiscard]] uncacheable_reason take(const canonical_value& line) override {
    if (!line.is(json_kind::object) || done_) return uncacheable_reason::malformed_answer;
    if (holds_error(line)) return uncacheable_reason::error_event;
    const auto reason = line.find("done_reason");
    if (reason && !reason->is(json_kind::string) && !reason->is(json_kind::null))
      return uncacheable_reason::malformed_answer;
    const auto why = line.text("done_reason");
    if (!why.empty() && why != "stop" && why != "length") return uncacheable_reason::unfinished_choice;
    has_content_ = has_content_ || says_something(line);
    const auto usage = read_ollama_usage(line);
    if (usage.input) usage_.input = usage.input;
    if (usage.output) usage_.output = usage.output;
    const auto done = line.find("done");
    done_ = done && done->is(json_kind::yes);
    return uncacheable_reason::none;
  }

  [[nodiscard]] bool ended() const override { return done_; }

  [[nodiscard]] uncacheable_reason judge() const override {
    if (!done_) return uncacheable_reason::truncated;
    return has_content_ ? uncacheable_reason::none : uncacheable_reason::empty_answer;
  }

  [[nodiscard]] const entry::token_usage& usage() const override { return usage_; }

 private:
  entry::token_usage usage_;
  bool has_content_ = false;
  bool done_ = false;
};

}  // namespace

std::unique_ptr<answer_judge> judge_ollama_text() { return std::make_unique<text_judge>(); }

entry::token_usage read_ollama_usage(const canonical_value& answer) {
  return {.input = count_in(answer, "prompt_eval_count"), .cached_input = {}, .output = count_in(answer, "eval_count")};
}

}  // namespace refrain::provider
