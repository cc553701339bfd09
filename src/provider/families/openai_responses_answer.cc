#include "provider/families/openai_responses_answer.h"

#include <algorithm>
#include <array>

#include "provider/rules/json_answer.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;

constexpr std::array<std::string_view, 4> final_events{"response.completed", "response.incomplete", "response.failed",
                                                       "response.cancelled"};

/// Whether a message has a part with words in it. Other items (calls, reasoning, images) are something by being there.
bool says_something(const canonical_value& item) {
  if (item.text("type") != "message") return true;
  const auto content = item.find("content");
  if (!content) return false;
  for (auto parts = content->elements(); const auto part = parts.next();) {
    if (!part->text("text").empty() || !part->text("refusal").empty()) return true;
  }
  return false;
}

/// Judges a response object: the plain answer, or what a stream's last event carries.
class response_judge : public presence_judge {
 public:
  [[nodiscard]] uncacheable_reason take(const canonical_value& response) override {
    if (!response.is(json_kind::object)) return uncacheable_reason::malformed_answer;
    if (holds_error(response)) return uncacheable_reason::error_event;
    usage_ = read_openai_usage(response.find("usage"));
    const auto output = response.find("output");
    if (!output || !output->is(json_kind::array)) return uncacheable_reason::malformed_answer;
    for (auto left = output->elements(); const auto item = left.next();) {
      if (!item->is(json_kind::object)) return uncacheable_reason::malformed_answer;
      has_content_ = has_content_ || says_something(*item);
    }
    return judge_status(response);
  }

 private:
  static uncacheable_reason judge_status(const canonical_value& response) {
    const auto status = response.text("status");
    if (status == "completed") return uncacheable_reason::none;
    if (status == "failed" || status == "cancelled") return uncacheable_reason::error_event;
    const auto details = response.find("incomplete_details");
    if (status != "incomplete" || !details) return uncacheable_reason::unfinished_choice;
    const auto reason = details->text("reason");
    if (reason.empty()) return uncacheable_reason::unfinished_choice;
    return reason == "content_filter" ? uncacheable_reason::content_filter : uncacheable_reason::none;
  }
};

class response_stream_judge final : public response_judge {
 public:
  [[nodiscard]] uncacheable_reason take(const canonical_value& event) override {
    if (!event.is(json_kind::object)) return uncacheable_reason::malformed_answer;
    const auto type = event.text("type");
    if (type == "error" || holds_error(event)) return uncacheable_reason::error_event;
    if (std::ranges::find(final_events, type) == final_events.end()) return uncacheable_reason::none;
    ended_ = true;
    const auto response = event.find("response");
    return response ? response_judge::take(*response) : uncacheable_reason::malformed_answer;
  }

  [[nodiscard]] bool ended() const override { return ended_; }

 private:
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<answer_reader> read_openai_responses_answer(entry::wire_form form) {
  if (form == entry::wire_form::stream) {
    return read_event_stream(std::make_unique<response_stream_judge>(), stream_end::final_event);
  }
  return read_json_answer(std::make_unique<response_judge>());
}

}  // namespace refrain::provider
