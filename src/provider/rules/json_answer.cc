#include "provider/rules/json_answer.h"

#include <utility>
#include <vector>

#include "base/sse.h"
#include "base/text.h"
#include "provider/json/canonical.h"
#include "provider/rules/events.h"

namespace refrain::provider {
namespace {

using base::operator""_MiB;

constexpr auto max_event = 16_MiB;
constexpr std::string_view done_data = "[DONE]";

/// Whether the text is the line `data: [DONE]` alone, with or without its end.
bool is_done_line(std::string_view text) {
  constexpr std::string_view field = "data:";
  text = text.substr(0, text.find_last_not_of("\r\n") + 1);
  return text.starts_with(field) && base::trim(text.substr(field.size())) == done_data;
}

class whole_reader final : public answer_reader {
 public:
  whole_reader(std::function<verdict(std::string_view)> judge, base::byte_count limit)
      : judge_(std::move(judge)), limit_(limit) {}

  void feed(std::string_view bytes) override { fed_ += bytes.size(); }

  [[nodiscard]] std::uint64_t whole() const override { return fed_; }

  [[nodiscard]] verdict finish(std::string_view whole) override {
    if (fed_ == 0) return {.why_not = uncacheable_reason::empty_answer, .usage = {}, .marks = {}};
    if (fed_ > limit_.value) return {.why_not = uncacheable_reason::too_large, .usage = {}, .marks = {}};
    return judge_(whole);
  }

 private:
  std::function<verdict(std::string_view)> judge_;
  base::byte_count limit_;
  std::uint64_t fed_ = 0;
};

class event_reader final : public answer_reader {
 public:
  event_reader(std::unique_ptr<answer_judge> judge, stream_end end) : judge_(std::move(judge)), end_(end) {}

  void feed(std::string_view bytes) override {
    fed_ += bytes.size();
    parser_.feed(bytes);
    take_events();
  }

  [[nodiscard]] std::uint64_t whole() const override {
    return finished_ || parser_.too_large() ? fed_ : parser_.whole();
  }
  [[nodiscard]] std::span<const entry::mark> marks() const override { return marks_; }

  [[nodiscard]] verdict finish(std::string_view whole) override {
    parser_.feed({});
    parser_.finish();
    take_events();
    take_open_end(whole);
    finished_ = true;
    return verdict_of_all();
  }

 private:
  void take_events() {
    while (const auto event = parser_.next()) {
      const uncacheable_reason why = take(*event);
      if (why_not_ == uncacheable_reason::none) why_not_ = why;
    }
    if (parser_.too_large()) why_not_ = uncacheable_reason::too_large;
  }

  uncacheable_reason take(const base::sse_event& event) {
    if (event.type == "error") return uncacheable_reason::error_event;
    if (is_heartbeat(event)) return take_aside();
    if (event.data == done_data) return take_done(event);
    const auto object = canonicaliser::of_thread().read(event.data);
    if (done_ || terminated_) return take_behind_the_end(object ? &*object : nullptr);
    if (!object) return uncacheable_reason::malformed_answer;
    lines_to_the_end_ = parser_.field_lines();
    if (judge_->is_usage_event(*object)) add_mark(entry::mark::kind::usage, event);
    const uncacheable_reason why = judge_->take(*object);
    if (judge_->ended()) terminate(event);
    return why;
  }

  /// What says nothing may stand anywhere, behind the end too.
  uncacheable_reason take_aside() {
    lines_to_the_end_ = parser_.field_lines();
    return uncacheable_reason::none;
  }

  /// Nobody reads on behind `[DONE]`. Behind an event that ends the answer clients do: nothing may follow but a ping.
  uncacheable_reason take_behind_the_end(const canonical_value* object) {
    const auto type = object != nullptr ? object->text("type") : std::string_view{};
    if (object != nullptr && (holds_error(*object) || type == "error")) return uncacheable_reason::error_event;
    return done_ || type == "ping" ? take_aside() : uncacheable_reason::malformed_answer;
  }

  uncacheable_reason take_done(const base::sse_event& event) {
    if (!std::exchange(done_, true) && end_ == stream_end::done_event) terminate(event);
    return take_aside();
  }

  /// A `[DONE]` whose blank line is missing is no event, but says what it is to say.
  void take_open_end(std::string_view whole) {
    const auto begin = parser_.whole();
    if (begin >= whole.size() || !is_done_line(whole.substr(begin))) return;
    (void)take_done({.offset = begin, .length = whole.size() - begin, .type = {}, .data = done_data, .id = {}});
  }

  void terminate(const base::sse_event& event) {
    terminated_ = true;
    add_mark(entry::mark::kind::terminator, event);
  }

  void add_mark(entry::mark::kind kind, const base::sse_event& event) {
    marks_.push_back({.what = kind, .offset = event.offset, .length = event.length});
  }

  [[nodiscard]] verdict verdict_of_all() const {
    auto judged = judge_->conclude(reason_found(), marks_);
    judged.by_framing = !terminated_ && !done_ && end_ == stream_end::done_event;
    // Without its terminator, all that tells an answer from its beginning is that nothing is missing in it.
    const bool is_whole = judged.why_not == uncacheable_reason::none || !judged.unknown_finishes.empty();
    if (judged.by_framing && why_not_ == uncacheable_reason::none && fed_ != 0 && !is_whole)
      return {.why_not = uncacheable_reason::truncated, .usage = judged.usage, .marks = marks_, .by_framing = true};
    return judged;
  }

  /// What is wrong with the events, before the judge is asked about them.
  [[nodiscard]] uncacheable_reason reason_found() const {
    if (why_not_ != uncacheable_reason::none) return why_not_;
    if (fed_ == 0) return uncacheable_reason::empty_answer;
    const bool has_rest = parser_.field_lines() > lines_to_the_end_;
    if (end_ == stream_end::final_event && !terminated_) return uncacheable_reason::truncated;
    if (!has_rest) return uncacheable_reason::none;
    return terminated_ ? uncacheable_reason::malformed_answer : uncacheable_reason::truncated;
  }

  base::sse_parser parser_{max_event};
  std::unique_ptr<answer_judge> judge_;
  stream_end end_;
  std::vector<entry::mark> marks_;
  uncacheable_reason why_not_ = uncacheable_reason::none;
  std::uint64_t fed_ = 0;
  std::uint64_t lines_to_the_end_ = 0;  ///< to that of the last event
  bool terminated_ = false;
  bool done_ = false;
  bool finished_ = false;
};

class function_judge final : public answer_judge {
 public:
  explicit function_judge(judge_function judge) : judge_(judge) {}

 private:
  [[nodiscard]] uncacheable_reason read(const canonical_value& answer) override {
    has_content_ = true;
    return judge_(answer, usage_);
  }

  judge_function judge_;
};

}  // namespace

verdict judge_json_text(std::string_view text, answer_judge& judge) {
  const auto object = canonicaliser::of_thread().read(text);
  return judge.conclude(object ? judge.take(*object) : uncacheable_reason::malformed_answer);
}

std::unique_ptr<answer_reader> read_json_answer(std::unique_ptr<answer_judge> judge) {
  std::shared_ptr<answer_judge> kept = std::move(judge);
  return read_whole_answer([kept](std::string_view text) { return judge_json_text(text, *kept); });
}

std::unique_ptr<answer_reader> read_json_answer(judge_function judge) {
  return read_json_answer(std::make_unique<function_judge>(judge));
}

std::unique_ptr<answer_reader> read_json_array(std::unique_ptr<answer_judge> judge) {
  std::shared_ptr<answer_judge> kept = std::move(judge);
  return read_whole_answer([kept](std::string_view text) -> verdict {
    const auto list = canonicaliser::of_thread().read(text);
    if (!list || !list->is(json_kind::array)) return kept->conclude(uncacheable_reason::malformed_answer);
    return kept->conclude(first_reason(*list, [&](const auto& one) { return kept->take(one); }));
  });
}

std::unique_ptr<answer_reader> read_event_stream(std::unique_ptr<answer_judge> judge, stream_end end) {
  return std::make_unique<event_reader>(std::move(judge), end);
}

std::unique_ptr<answer_reader> read_whole_answer(std::function<verdict(std::string_view body)> judge,
                                                 base::byte_count limit) {
  return std::make_unique<whole_reader>(std::move(judge), limit);
}

}  // namespace refrain::provider
