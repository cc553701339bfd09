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

/// The audio of a whole stream.
std::optional<std::string> audio_of(std::string_view stream, const audio_events& kinds) {
  std::string audio;
  const auto reader = read_into(&audio, kinds);
  reader->feed(stream);
  if (reader->finish(stream).why_not != uncacheable_reason::none) return std::nullopt;
  return audio;
}

/// The whole is taken apart once more at its end: its audio is held no longer than it takes to judge it.
class reader_of_audio final : public answer_reader {
 public:
  using extraction = std::function<std::optional<std::string>(std::string_view)>;
  reader_of_audio(std::unique_ptr<answer_reader> inner, extraction audio_of)
      : inner_(std::move(inner)), audio_of_(std::move(audio_of)) {}

  void feed(std::string_view bytes) override { inner_->feed(bytes); }
  [[nodiscard]] std::uint64_t whole() const override { return inner_->whole(); }
  [[nodiscard]] std::span<const entry::mark> marks() const override { return inner_->marks(); }
  [[nodiscard]] verdict finish(std::string_view whole) override {
    auto judged = inner_->finish(whole);
    if (judged.why_not != uncacheable_reason::none) return judged;
    const auto audio = audio_of_(whole);
    judged.why_not = audio ? judge_audio(*audio).why_not : uncacheable_reason::malformed_answer;
    return judged;
  }

 private:
  std::unique_ptr<answer_reader> inner_;
  extraction audio_of_;
};

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

std::unique_ptr<answer_reader> read_with_audio(std::unique_ptr<answer_reader> inner,
                                               reader_of_audio::extraction audio_of) {
  return std::make_unique<reader_of_audio>(std::move(inner), std::move(audio_of));
}

std::unique_ptr<answer_reader> read_audio_events(const audio_events& kinds) {
  return read_with_audio(read_into(nullptr, kinds), [kinds](std::string_view whole) { return audio_of(whole, kinds); });
}

base::result<std::string> join_audio_events(std::string_view stream, const audio_events& kinds) {
  auto audio = audio_of(stream, kinds);
  if (audio && judge_audio(*audio).why_not == uncacheable_reason::none) return *std::move(audio);
  return cannot_turn("its stream holds no whole audio");
}

}  // namespace refrain::provider
