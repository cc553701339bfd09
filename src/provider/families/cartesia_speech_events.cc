#include "provider/families/cartesia_speech_events.h"

#include <optional>
#include <utility>

#include "base/sse.h"
#include "provider/json/canonical.h"
#include "provider/rules/audio_answer.h"
#include "provider/rules/json_answer.h"

namespace refrain::provider {
namespace {

using base::operator""_MiB;
using entry::uncacheable_reason;

constexpr auto max_event = 16_MiB;
constexpr std::string_view audio_member = "data";

class events_judge final : public presence_judge {
 public:
  [[nodiscard]] uncacheable_reason take(const canonical_value& event) override {
    const auto type = event.text("type");
    if (type == "error" || holds_error(event)) return uncacheable_reason::error_event;
    if (type == "done") ended_ = true;
    if (type != "chunk") return uncacheable_reason::none;
    const auto audio = audio_in(event, audio_member);
    if (!audio) return uncacheable_reason::malformed_answer;
    has_content_ = has_content_ || !audio->empty();
    return uncacheable_reason::none;
  }

  [[nodiscard]] bool ended() const override { return ended_; }

 private:
  bool ended_ = false;
};

/// Gives each event's place and object to `take`, up to the one that ends the stream. Whether it came, and all could be
/// read.
template <class Take>
bool all_events(std::string_view stream, Take take) {
  base::sse_parser parser{max_event};
  parser.feed(stream);
  while (const auto event = parser.next()) {
    const auto object = canonicaliser::of_thread().read(event->data);
    if (!object || !take(*event, *object)) return false;
    if (object->text("type") == "done") return true;
  }
  return false;
}

}  // namespace

std::unique_ptr<answer_reader> read_cartesia_events() {
  return read_event_stream(std::make_unique<events_judge>(), stream_end::final_event);
}

base::result<std::string> join_cartesia_events(std::string_view stream) {
  std::string audio;
  const bool whole = all_events(stream, [&](const base::sse_event&, const canonical_value& object) {
    if (object.text("type") != "chunk") return true;
    const auto piece = audio_in(object, audio_member);
    if (piece) audio.append(*piece);
    return piece.has_value();
  });
  if (!whole || audio.empty()) return base::fail(base::errc::not_found, "this stream holds no whole audio");
  return audio;
}

base::result<std::string> without_cartesia_timestamps(std::string_view stream) {
  std::string kept;
  const bool whole = all_events(stream, [&](const base::sse_event& event, const canonical_value& object) {
    if (object.text("type") != "timestamps") kept.append(stream.substr(event.offset, event.length));
    return true;
  });
  if (!whole) return base::fail(base::errc::not_found, "this stream is not whole");
  return kept;
}

}  // namespace refrain::provider
