#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "mock/json.h"
#include "mock/openai.h"
#include "mock/proof.h"
#include "mock/renderer.h"
#include "mock/routes.h"
#include "mock/speech.h"

/// Speaks as Sarvam's API does.
namespace refrain::mock {
namespace {

/// Errors are {"error": {"message", "code", "request_id"}}, with the codes of docs.sarvam.ai, "Errors &
/// Troubleshooting". An answer's `request_id` is the day of the call and a UUID.
constexpr provider api{.name = "sarvam", .keys = {"api-subscription-key"}, .no_key_status = 403};

constexpr named_format codecs[] = {
    {"wav", {.container = audio_container::wav}},
    {"mp3", {.container = audio_container::mp3}},
    {"linear16", {.container = audio_container::raw}},
    {"mulaw", {.container = audio_container::raw, .encoding = sample_encoding::mulaw}},
    {"alaw", {.container = audio_container::raw, .encoding = sample_encoding::alaw}},
};

/// The texts to be said; none where the request has none, or what is no text among them.
std::vector<std::string> texts_of(const json::value& request) {
  const auto* inputs = member(request, "inputs");
  const auto texts =
      inputs != nullptr && inputs->is_array() ? inputs->get_array() : json::array{string_member(request, "text")};
  std::vector<std::string> all;
  for (const auto& one : texts) {
    if (!one.is_string() || one.get_string().empty()) return {};
    all.emplace_back(one.get_string());
  }
  return all;
}

/// The request without its texts, one name for each thing, and what is absent written out.
json::object essence_of(json::object request, std::string_view usual_codec) {
  request.erase("inputs");
  request.erase("text");
  if (const auto* language = request.if_contains("target_language_code")) {
    request.insert({{"language_code", *language}});
    request.erase("target_language_code");
  }
  if (!request.contains("output_audio_codec")) request["output_audio_codec"] = usual_codec;
  request["speech_sample_rate"] = number_member(request, "speech_sample_rate").value_or(22'050);
  if (string_member(request, "output_audio_codec") == "mp3" && !request.contains("output_audio_bitrate")) {
    request["output_audio_bitrate"] = "128k";
  }
  return request;
}

/// What `essence_of` says of the sound's form.
std::optional<audio_format> format_of(const json::object& essence) {
  auto format = format_named(codecs, string_member(essence, "output_audio_codec"));
  if (!format) return std::nullopt;
  format->sample_rate = count_member(essence, "speech_sample_rate");
  if (format->container == audio_container::mp3) {
    const auto rate = string_member(essence, "output_audio_bitrate");  // "128k"
    std::from_chars(rate.data(), rate.data() + rate.size(), format->bit_rate);
    format->bit_rate *= 1000;
  }
  return is_made(*format) ? format : std::nullopt;
}

/// The clips that a request asks for, one for each text.
std::expected<std::vector<clip>, answer> clips_for(const renderer& render, std::string_view usual_codec,
                                                   bool needs_language) {
  const auto request = render.request({});
  if (!request) return std::unexpected(request.error());
  const auto texts = texts_of(*request);
  if (texts.empty()) return std::unexpected(render.refuse("missing", {{"param", "text"}}));
  auto essence = essence_of(request->get_object(), usual_codec);
  const std::string language(string_member(essence, "language_code"));
  if (needs_language && language.empty()) {
    return std::unexpected(render.refuse("missing", {{"param", "language_code"}}));
  }
  const auto format = format_of(essence);
  if (!format) return std::unexpected(render.refuse("format", {{"formats", audio_formats_made}}));
  std::vector<clip> clips;
  for (const auto& text : texts) {
    essence["text"] = text;
    clips.push_back(speak({.text = text,
                           .proof = proof_of_members(essence),
                           .speed = number_member(essence, "pace").value_or(1),
                           .format = *format}));
  }
  return clips;
}

class speech_handler final : public websocket_handler {
 public:
  explicit speech_handler(const call& asked) : asked_(asked), render_(api, asked_) {
    const auto tells = asked.parameter("send_completion_event").value_or("");
    tells_end_ = tells == "true" || tells == "True";  // the latter is how Python's SDK writes it
  }

  reaction receive(const message& said) override {
    const auto frame = parse_json(said.bytes);
    if (!frame) return refuse("The message is not JSON.");
    const auto type = string_member(*frame, "type");
    const auto* const content = member(*frame, "data");
    if (type == "ping") return {};
    if (type == "config" && content != nullptr) return configure(*content);
    if (!configured_) return refuse("The first message has to be of type config.");
    if (type == "flush") return flush();
    if (type != "text" || content == nullptr) return refuse("The message's type is not known.");
    gathered_ += string_member(*content, "text");
    return {.messages = gathered_.size() < most_gathered_ ? std::vector<message>{} : spoken()};
  }

 private:
  reaction configure(const json::value& content) {
    configured_ = true;
    if (const auto speaker = string_member(content, "speaker"); !speaker.empty()) speaker_ = speaker;
    if (const auto codec = string_member(content, "output_audio_codec"); !codec.empty()) codec_ = codec;
    if (const auto size = limit_member(content, "min_buffer_size"); size > 0) most_gathered_ = *size;
    return {};
  }

  /// A message for what has gathered; none where that is nothing.
  std::vector<message> spoken() {
    const auto text = std::exchange(gathered_, {});
    if (text.empty()) return {};
    return {
        {render_.text("socket.audio", {{"codec", codec_}, {"audio", base::base64_encode(speaker_ + ": " + text)}})}};
  }

  reaction flush() {
    reaction said{.messages = spoken()};
    if (tells_end_) said.messages.push_back({render_.text("socket.final")});
    return said;
  }

  [[nodiscard]] reaction refuse(std::string_view why) const {
    return {.messages = {{render_.text("socket.error", {{"message", why}})}}, .closes = true};
  }

  const call asked_;
  const renderer render_;
  bool tells_end_;
  bool configured_ = false;
  std::string speaker_ = "anushka";
  std::string codec_ = "mp3";
  std::size_t most_gathered_ = 50;
  std::string gathered_;
};

/// POST .../text-to-speech: `text`, or each of `inputs`, as base64 in `audios`, in their order: wav where
/// `output_audio_codec` does not say mp3, linear16, mulaw or alaw, at `speech_sample_rate` or 22,050 Hz.
///
/// x-mock-missing leaves out the last of them, x-mock-reversed turns their order round.
///
/// The proof of an audio is of the body with that text in `text` and without `inputs`, the language in `language_code`
/// whichever name it came under, and codec, sample rate (a number) and, for mp3, `output_audio_bitrate` written out
/// where they are absent. So a text sounds the same alone, in a list, and on /stream.
///
/// 400: no JSON object, no text, no language, a format the mock does not make.
answer text_to_speech(const call& asked) {
  const renderer render(api, asked);
  const auto clips = clips_for(render, "wav", true);
  if (!clips) return clips.error();
  json::array audios;
  for (const auto& sound : *clips) audios.emplace_back(base::base64_encode(sound.bytes));
  audios.resize(audios.size() - std::min(audios.size(), asked.how.items_missing));
  if (asked.how.items_reversed) std::ranges::reverse(audios);
  return render.plain("speech", {{"audios", std::move(audios)}});
}

/// POST .../text-to-speech/stream: `text` as a chunked body; mp3 where no codec is asked for. The language may be left
/// out.
answer text_to_speech_stream(const call& asked) {
  const renderer render(api, asked);
  const auto clips = clips_for(render, "mp3", false);
  return clips ? streamed_answer(clips->front(), asked.how.tokens_per_chunk) : clips.error();
}

/// POST .../translate: a `translated_text` that has the body's proof, the target language and what was asked in it.
/// "auto" as the source is taken for en-IN.
///
/// 400: no JSON object, or `input`, `source_language_code` or `target_language_code` is missing.
answer translate(const call& asked) {
  const renderer render(api, asked);
  const auto request = render.request({"input", "source_language_code", "target_language_code"}, need::text);
  if (!request) return request.error();
  const auto source = string_member(*request, "source_language_code");
  return render.plain("translation", {{"proof", *proof_of(asked.body)},
                                      {"target", string_member(*request, "target_language_code")},
                                      {"input", string_member(*request, "input")},
                                      {"source", source == "auto" ? "en-IN" : source}});
}

/// The WebSocket /text-to-speech/ws (docs.sarvam.ai: "Text to speech, streaming").
///
/// The client sends `config`, `text`, `flush` and `ping`. Text gathers until it is `min_buffer_size` long (50) or
/// flushed, and is answered with an `audio` message; where the query says `send_completion_event=true`, a flush also
/// with the event `final`. The audio is no sound: it spells "<speaker>: <text>", so that a test can tell what was
/// spoken.
std::unique_ptr<websocket_handler> speech_socket(const call& asked) { return std::make_unique<speech_handler>(asked); }

constexpr route rows[] = {
    {"POST", "*/chat/completions", &api, openai::chat_completions, "api-subscription-key"},
    {"POST", "*/text-to-speech", &api, text_to_speech},
    {"POST", "*/text-to-speech/stream", &api, text_to_speech_stream},
    {"POST", "*/translate", &api, translate},
    socket("*/text-to-speech/ws", api, speech_socket),
};

}  // namespace

constinit const std::span<const route> sarvam_routes{rows};

}  // namespace refrain::mock
