#include "provider/openai_speech_events.h"

#include <utility>
#include <vector>

#include "base/base64.h"
#include "base/sse.h"
#include "provider/canonical.h"

namespace refrain::provider {
namespace {

using base::operator""_MiB;
using entry::refusal;

constexpr auto max_event = 16_MiB;

std::optional<std::uint64_t> count_in(const canonical_value& usage, std::string_view name) {
  const auto member = usage.find(name);
  const auto count = member ? member->integer() : std::nullopt;
  if (!count || *count < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*count);
}

/// One event after the other, up to the last.
class speech_events {
 public:
  /// What stands against the stream from here on; the audio of a delta goes to `audio`.
  refusal take(const base::sse_event& event, std::string* audio) {
    if (event.type == "error") return refusal::error_event;
    const auto body = canonicaliser::of_thread().read(event.data);
    if (done_ || !body) return refusal::malformed_answer;
    const auto type = body->find("type");
    const auto name = type ? type->string().value_or("") : std::string_view{};
    if (name == "error" || body->find("error")) return refusal::error_event;
    if (name == "speech.audio.delta") return take_delta(*body, audio);
    if (name == "speech.audio.done") {
      done_ = true;
      if (const auto usage = body->find("usage")) {
        usage_ = {
            .input = count_in(*usage, "input_tokens"), .cached_input = {}, .output = count_in(*usage, "output_tokens")};
      }
    }
    return refusal::none;
  }

  [[nodiscard]] bool done() const noexcept { return done_; }
  [[nodiscard]] bool heard() const noexcept { return heard_; }
  [[nodiscard]] const entry::token_usage& usage() const noexcept { return usage_; }

 private:
  refusal take_delta(const canonical_value& body, std::string* audio) {
    const auto text = body.find("audio");
    const auto bytes = text && text->string() ? base::base64_decode(*text->string()) : std::nullopt;
    if (!bytes) return refusal::malformed_answer;
    heard_ = heard_ || !bytes->empty();
    if (audio != nullptr) audio->append(*bytes);
    return refusal::none;
  }

  bool done_ = false;
  bool heard_ = false;
  entry::token_usage usage_;
};

class events_reader final : public answer_reader {
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
    return {.why_not = judge(), .usage = events_.usage(), .marks = marks_};
  }

 private:
  void take_events() {
    while (const auto event = parser_.next()) {
      const refusal why = events_.take(*event, nullptr);
      if (why_not_ == refusal::none) why_not_ = why;
      if (!events_.done() || !marks_.empty()) continue;
      marks_.push_back({.what = entry::mark::kind::terminator, .offset = event->offset, .length = event->length});
      lines_to_the_end_ = parser_.field_lines();
    }
    if (parser_.too_large()) why_not_ = refusal::too_large;
  }

  [[nodiscard]] refusal judge() const {
    if (why_not_ != refusal::none) return why_not_;
    if (!events_.done()) return fed_ == 0 ? refusal::empty_answer : refusal::truncated;
    if (parser_.field_lines() > lines_to_the_end_) return refusal::malformed_answer;
    return events_.heard() ? refusal::none : refusal::empty_answer;
  }

  base::sse_parser parser_{max_event};
  speech_events events_;
  std::vector<entry::mark> marks_;
  refusal why_not_ = refusal::none;
  std::uint64_t fed_ = 0;
  std::uint64_t lines_to_the_end_ = 0;
  bool finished_ = false;
};

}  // namespace

std::unique_ptr<answer_reader> read_openai_speech_events() { return std::make_unique<events_reader>(); }

base::result<std::string> join_openai_speech_events(std::string_view stream) {
  std::string audio;
  speech_events events;
  base::sse_parser parser{max_event};
  parser.feed(stream);
  while (const auto event = parser.next()) {
    if (events.take(*event, &audio) != refusal::none) break;
  }
  if (!events.done() || audio.empty()) return base::fail(base::errc::not_found, "this stream holds no whole audio");
  return audio;
}

}  // namespace refrain::provider
