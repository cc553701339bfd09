#include "provider/rules/speech.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/base64.h"
#include "base/text.h"
#include "provider/rules/answer_judge.h"
#include "provider/rules/audio_container.h"
#include "provider/rules/dialect.h"
#include "provider/rules/json_answer.h"
#include "provider/rules/json_request.h"

namespace refrain::provider {
namespace {

struct codec_type {
  std::string_view codec;
  std::string_view type;
};

constexpr std::array codec_types{
    codec_type{"mp3", "audio/mpeg"},   codec_type{"wav", "audio/wav"},      codec_type{"opus", "audio/opus"},
    codec_type{"aac", "audio/aac"},    codec_type{"flac", "audio/flac"},    codec_type{"pcm", "audio/pcm"},
    codec_type{"ulaw", "audio/basic"}, codec_type{"mulaw", "audio/basic"},  codec_type{"ogg", "audio/ogg"},
    codec_type{"webm", "audio/webm"},  codec_type{"linear16", "audio/wav"},
};

class events_judge final : public answer_judge {
 public:
  /// The audio of the events goes to `audio`, if there is one.
  events_judge(const audio_events& kinds, std::string* audio) : kinds_(kinds), audio_(audio) {}

 private:
  [[nodiscard]] uncacheable_reason read(const canonical_value& event) override {
    const auto type = event.text("type");
    if (type == "error") return uncacheable_reason::error_event;
    if (type == kinds_.piece) return take_piece(event);
    if (type != kinds_.end) return uncacheable_reason::none;
    ended_ = true;
    usage_ = read_openai_usage(event.find("usage"));
    return uncacheable_reason::none;
  }

  uncacheable_reason take_piece(const canonical_value& event) {
    const auto bytes = audio_in(event, kinds_.member);
    if (!bytes) return uncacheable_reason::malformed_answer;
    has_content_ = has_content_ || !bytes->empty();
    if (audio_ != nullptr) audio_->append(*bytes);
    return uncacheable_reason::none;
  }

  audio_events kinds_;
  std::string* audio_;
};

std::unique_ptr<answer_reader> read_into(std::string* audio, const audio_events& kinds) {
  return read_event_stream(std::make_unique<events_judge>(kinds, audio), stream_end::final_event);
}

}  // namespace

void describe_speech(const speech_request& request, entry::parsed_request& parsed) {
  parsed.group = fmt::format("{}:{}", request.provider, base::percent_encode(request.voice));
  parsed.suffix = base::percent_encode(request.codec);
  parsed.model = request.model;
  parsed.query = shown_text(request.text);
  parsed.characters = base::count_code_points(request.text);
}

std::unique_ptr<answer_reader> read_audio_answer() { return read_whole_answer(judge_audio, any_size); }

std::optional<std::string> audio_in(const canonical_value& object, std::string_view member) {
  const auto value = object.find(member);
  const auto text = value ? value->string() : std::nullopt;
  return text ? base::base64_decode(*text) : std::nullopt;
}

bool is_audio_type(std::string_view content_type) noexcept {
  const auto type = base::trim(content_type.substr(0, content_type.find(';')));
  return type.empty() || base::starts_with_ignoring_case(type, "audio/") ||
         base::equal_ignoring_case(type, "application/ogg") ||
         base::equal_ignoring_case(type, "application/octet-stream") ||
         base::equal_ignoring_case(type, "binary/octet-stream");
}

std::string_view audio_type_of(std::string_view codec) noexcept {
  const auto at = std::ranges::find(codec_types, codec, &codec_type::codec);
  return at == codec_types.end() ? "application/octet-stream" : at->type;
}

std::unique_ptr<answer_reader> read_audio_events(const audio_events& kinds) { return read_into(nullptr, kinds); }

base::result<std::string> join_audio_events(std::string_view stream, const audio_events& kinds) {
  std::string audio;
  const auto reader = read_into(&audio, kinds);
  reader->feed(stream);
  const bool whole = reader->finish(stream).why_not == uncacheable_reason::none;
  if (whole && judge_audio(audio).why_not == uncacheable_reason::none) return audio;
  return cannot_turn("its stream holds no whole audio");
}

}  // namespace refrain::provider
