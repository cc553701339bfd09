#include "provider/rules/json_answer.h"

#include <string>
#include <utility>
#include <vector>

#include "base/sse.h"
#include "provider/json/canonical.h"

namespace refrain::provider {
namespace {

using base::operator""_MiB;

constexpr auto max_event = 16_MiB;

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

  [[nodiscard]] verdict finish(std::string_view /*whole*/) override {
    parser_.feed({});
    parser_.finish();
    take_events();
    finished_ = true;
    return {.why_not = verdict_of_all(), .usage = judge_->usage(), .marks = marks_};
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
    if (done_) return uncacheable_reason::malformed_answer;
    if (event.data == "[DONE]") return take_done(event);
    if (terminated_) return uncacheable_reason::malformed_answer;
    if (event.type == "error") return uncacheable_reason::error_event;
    const auto object = canonicaliser::of_thread().read(event.data);
    if (!object) return uncacheable_reason::malformed_answer;
    if (end_ == stream_end::framing) lines_to_the_end_ = parser_.field_lines();
    if (judge_->is_usage_event(*object)) add_mark(entry::mark::kind::usage, event);
    const uncacheable_reason why = judge_->take(*object);
    if (judge_->ended()) terminate(event);
    return why;
  }

  uncacheable_reason take_done(const base::sse_event& event) {
    done_ = true;
    if (end_ == stream_end::done_event) terminate(event);
    lines_to_the_end_ = parser_.field_lines();
    return uncacheable_reason::none;
  }

  void terminate(const base::sse_event& event) {
    terminated_ = true;
    lines_to_the_end_ = parser_.field_lines();
    add_mark(entry::mark::kind::terminator, event);
  }

  void add_mark(entry::mark::kind kind, const base::sse_event& event) {
    marks_.push_back({.what = kind, .offset = event.offset, .length = event.length});
  }

  [[nodiscard]] uncacheable_reason verdict_of_all() const {
    if (why_not_ != uncacheable_reason::none) return why_not_;
    if (fed_ == 0) return uncacheable_reason::empty_answer;
    const bool has_rest = parser_.field_lines() > lines_to_the_end_;
    if (end_ == stream_end::framing ? has_rest : !terminated_) return uncacheable_reason::truncated;
    if (has_rest) return uncacheable_reason::malformed_answer;
    return judge_->judge();
  }

  base::sse_parser parser_{max_event};
  std::unique_ptr<answer_judge> judge_;
  stream_end end_;
  std::vector<entry::mark> marks_;
  uncacheable_reason why_not_ = uncacheable_reason::none;
  std::uint64_t fed_ = 0;
  std::uint64_t lines_to_the_end_ = 0;
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

/// `why_not`: what was found wrong with the objects.
verdict verdict_of(const answer_judge& judge, uncacheable_reason why_not) {
  if (why_not == uncacheable_reason::none) why_not = judge.judge();
  return {.why_not = why_not, .usage = judge.usage(), .marks = {}};
}

}  // namespace

verdict judge_json_text(std::string_view text, answer_judge& judge) {
  const auto object = canonicaliser::of_thread().read(text);
  return verdict_of(judge, object ? judge.take(*object) : uncacheable_reason::malformed_answer);
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
    if (!list || !list->is(json_kind::array)) return verdict_of(*kept, uncacheable_reason::malformed_answer);
    return verdict_of(*kept, first_reason(*list, [&](const auto& one) { return kept->take(one); }));
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
