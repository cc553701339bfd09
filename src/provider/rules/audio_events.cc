#include "provider/rules/audio_events.h"

#include "provider/rules/audio_answer.h"
#include "provider/rules/endpoint.h"
#include "provider/rules/json_answer.h"

namespace refrain::provider {
namespace {

class events_judge final : public presence_judge {
 public:
  /// The audio of the events goes to `audio`, if there is one.
  events_judge(const audio_events& which, std::string* audio) : which_(which), audio_(audio) {}

  [[nodiscard]] uncacheable_reason take(const canonical_value& event) override {
    const auto type = event.text("type");
    if (type == "error" || holds_error(event)) return uncacheable_reason::error_event;
    if (type == which_.piece) return take_piece(event);
    if (type != which_.end) return uncacheable_reason::none;
    ended_ = true;
    usage_ = read_openai_usage(event.find("usage"));
    return uncacheable_reason::none;
  }

 private:
  uncacheable_reason take_piece(const canonical_value& event) {
    const auto bytes = audio_in(event, which_.member);
    if (!bytes) return uncacheable_reason::malformed_answer;
    has_content_ = has_content_ || !bytes->empty();
    if (audio_ != nullptr) audio_->append(*bytes);
    return uncacheable_reason::none;
  }

  audio_events which_;
  std::string* audio_;
};

std::unique_ptr<answer_reader> read_into(std::string* audio, const audio_events& which) {
  return read_event_stream(std::make_unique<events_judge>(which, audio), stream_end::final_event);
}

}  // namespace

std::unique_ptr<answer_reader> read_audio_events(const audio_events& which) { return read_into(nullptr, which); }

base::result<std::string> join_audio_events(std::string_view stream, const audio_events& which) {
  std::string audio;
  const auto reader = read_into(&audio, which);
  reader->feed(stream);
  if (reader->finish(stream).why_not == uncacheable_reason::none) return audio;
  return cannot_turn("its stream holds no whole audio");
}

}  // namespace refrain::provider
