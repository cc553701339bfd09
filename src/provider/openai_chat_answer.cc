#include "provider/openai_chat_answer.h"

#include <string>
#include <utility>

#include "base/sse.h"
#include "provider/canonical.h"
#include "provider/openai_chat_choices.h"

namespace refrain::provider {
namespace {

using base::operator""_MiB;
using entry::refusal;

constexpr auto max_event = 16_MiB;
constexpr auto max_plain = 64_MiB;

/// Gives an object to the choices; whatever the canonical form refuses in an answer is a malformed one.
refusal take_text(std::string_view text, openai_chat_choices& choices) {
  const auto object = canonicaliser::of_thread().read(text);
  return object ? choices.take(*object) : refusal::malformed_answer;
}

class plain_reader final : public answer_reader {
 public:
  void feed(std::string_view bytes) override {
    fed_ += bytes.size();
    if (fed_ > max_plain.value) {
      std::string().swap(body_);
    } else {
      body_.append(bytes);
    }
  }

  [[nodiscard]] std::uint64_t whole() const override { return fed_; }
  [[nodiscard]] std::span<const entry::mark> marks() const override { return {}; }

  [[nodiscard]] verdict finish() override {
    const refusal why = judge();
    return {.why_not = why, .usage = choices_.usage(), .marks = {}};
  }

 private:
  refusal judge() {
    if (fed_ == 0) return refusal::empty_answer;
    if (fed_ > max_plain.value) return refusal::too_large;
    const refusal why = take_text(body_, choices_);
    return why == refusal::none ? choices_.judge() : why;
  }

  std::string body_;
  std::uint64_t fed_ = 0;
  openai_chat_choices choices_{"message"};
};

class stream_reader final : public answer_reader {
 public:
  void feed(std::string_view bytes) override {
    fed_ += bytes.size();
    parser_.feed(bytes);
    take_events();
  }

  [[nodiscard]] std::uint64_t whole() const override {
    return finished_ || parser_.too_large() ? fed_ : parser_.whole();
  }
  [[nodiscard]] std::span<const entry::mark> marks() const override { return marks_; }

  [[nodiscard]] verdict finish() override {
    parser_.feed({});
    parser_.finish();
    take_events();
    finished_ = true;
    return {.why_not = judge(), .usage = choices_.usage(), .marks = marks_};
  }

 private:
  void take_events() {
    while (const auto event = parser_.next()) {
      const refusal why = take(*event);
      if (why_not_ == refusal::none) why_not_ = why;
    }
    if (parser_.too_large()) why_not_ = refusal::too_large;
  }

  refusal take(const base::sse_event& event) {
    if (terminated_) return refusal::malformed_answer;
    if (event.data == "[DONE]") {
      terminated_ = true;
      lines_to_the_end_ = parser_.field_lines();
      add_mark(entry::mark::kind::terminator, event);
      return refusal::none;
    }
    if (event.type == "error") return refusal::error_event;
    const auto chunk = canonicaliser::of_thread().read(event.data);
    if (!chunk) return refusal::malformed_answer;
    if (is_openai_usage_event(*chunk)) add_mark(entry::mark::kind::usage, event);
    return choices_.take(*chunk);
  }

  void add_mark(entry::mark::kind what, const base::sse_event& event) {
    marks_.push_back({.what = what, .offset = event.offset, .length = event.length});
  }

  /// A fault that was seen counts for more than how the stream ended.
  refusal judge() const {
    if (why_not_ != refusal::none) return why_not_;
    if (fed_ == 0) return refusal::empty_answer;
    if (!terminated_) return refusal::truncated;
    if (parser_.field_lines() > lines_to_the_end_) return refusal::malformed_answer;
    return choices_.judge();
  }

  base::sse_parser parser_{max_event};
  openai_chat_choices choices_{"delta"};
  std::vector<entry::mark> marks_;
  refusal why_not_ = refusal::none;
  std::uint64_t fed_ = 0;
  std::uint64_t lines_to_the_end_ = 0;
  bool terminated_ = false;
  bool finished_ = false;
};

}  // namespace

std::unique_ptr<answer_reader> read_openai_chat_answer(entry::wire_form form) {
  if (form == entry::wire_form::stream) return std::make_unique<stream_reader>();
  return std::make_unique<plain_reader>();
}

}  // namespace refrain::provider
