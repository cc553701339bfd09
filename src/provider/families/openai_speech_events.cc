#include "provider/families/openai_speech_events.h"

#include "provider/rules/audio_answer.h"
#include "provider/rules/json_answer.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;

class speech_judge final : public presence_judge {
 public:
  /// The audio of the events goes to `audio`, if there is one.
  explicit speech_judge(std::string* audio) : audio_(audio) {}

  [[nodiscard]] uncacheable_reason take(const canonical_value& event) override {
    const auto type = event.text("type");
    if (type == "error" || holds_error(event)) return uncacheable_reason::error_event;
    if (type == "speech.audio.delta") return take_delta(event);
    if (type != "speech.audio.done") return uncacheable_reason::none;
    ended_ = true;
    usage_ = read_openai_usage(event.find("usage"));
    return uncacheable_reason::none;
  }
  [[nodiscard]] bool ended() const override { return ended_; }

 private:
  uncacheable_reason take_delta(const canonical_value& event) {
    const auto bytes = audio_in(event, "audio");
    if (!bytes) return uncacheable_reason::malformed_answer;
    has_content_ = has_content_ || !bytes->empty();
    if (audio_ != nullptr) audio_->append(*bytes);
    return uncacheable_reason::none;
  }

  std::string* audio_;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<answer_reader> read_openai_speech_events() {
  return read_event_stream(std::make_unique<speech_judge>(nullptr), stream_end::final_event);
}

base::result<std::string> join_openai_speech_events(std::string_view stream) {
  std::string audio;
  const auto reader = read_event_stream(std::make_unique<speech_judge>(&audio), stream_end::final_event);
  reader->feed(stream);
  if (reader->finish().why_not == uncacheable_reason::none) return audio;
  return base::fail(base::errc::not_found, "this stream holds no whole audio");
}

}  // namespace refrain::provider
