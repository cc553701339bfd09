#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "mock/json.h"
#include "mock/proof.h"
#include "mock/renderer.h"
#include "mock/routes.h"
#include "mock/speech.h"

/// Speaks as ElevenLabs' API does.
namespace refrain::mock {
namespace {

/// Errors are {"detail": {"status", "message"}}, or, with status 422, a list of what is wrong with the request as
/// {"detail": [{"type", "loc", "msg"}]}.
constexpr provider api{.name = "elevenlabs", .keys = {"xi-api-key"}};

constexpr unsigned character_ms = 60;  // of what the WebSocket says

constexpr named_format codecs[] = {
    {"mp3", {.container = audio_container::mp3}},
    {"pcm", {.container = audio_container::raw}},
    {"wav", {.container = audio_container::wav}},
    {"ulaw", {.container = audio_container::raw, .encoding = sample_encoding::mulaw}},
    {"alaw", {.container = audio_container::raw, .encoding = sample_encoding::alaw}},
};

/// A format such as "mp3_44100_128": codec, sample rate, and kilobits a second of mp3.
std::optional<audio_format> read_format(std::string_view name) {
  const auto mark = name.find('_');
  auto format = format_named(codecs, name.substr(0, mark));
  if (!format || mark == std::string_view::npos) return std::nullopt;
  const auto* last = name.data() + name.size();
  auto [end, fault] = std::from_chars(name.data() + mark + 1, last, format->sample_rate);
  if (fault != std::errc{}) return std::nullopt;
  if (format->container == audio_container::mp3 && end != last && *end == '_') {
    end = std::from_chars(end + 1, last, format->bit_rate).ptr;
    format->bit_rate *= 1000;
  }
  return end == last && is_made(*format) ? format : std::nullopt;
}

/// What stands in the path after /text-to-speech/, up to the next slash.
std::string_view voice_in(std::string_view path) {
  constexpr std::string_view before = "/text-to-speech/";
  const auto voice = path.substr(path.rfind(before) + before.size());
  return voice.substr(0, voice.find('/'));
}

std::expected<clip, answer> clip_for(const renderer& render, const call& asked) {
  auto request = render.request({"text"}, need::text);
  if (!request) return std::unexpected(request.error());
  const auto name = asked.parameter("output_format").value_or("mp3_44100_128");
  const auto format = read_format(name);
  if (!format) return std::unexpected(render.refuse("format", {{"format", name}, {"formats", audio_formats_made}}));
  auto& essence = request->get_object();
  essence["voice"] = voice_in(asked.path());
  essence["output_format"] = name;
  if (const auto latency = asked.parameter("optimize_streaming_latency")) {
    essence["optimize_streaming_latency"] = *latency;
  }
  return speak({.text = std::string(string_member(essence, "text")),
                .proof = proof_of_members(essence),
                .speed = number_member(member(essence, "voice_settings"), "speed").value_or(1),
                .format = *format});
}

double rounded(std::chrono::duration<double> time) { return std::round(time.count() * 1000) / 1000; }

/// A piece with the times of its characters. The normalizer makes a blank of every white space.
std::string timed(const renderer& render, const clip& sound, const clip_piece& piece) {
  json::array spoken;
  for (const auto& one : piece.characters) {
    const auto at = piece.first + spoken.size();
    const bool blank = one == "\n" || one == "\t" || one == "\r";
    spoken.push_back({{"character", one},
                      {"normal", blank ? " " : one},
                      {"start", rounded(sound.start_of(at))},
                      {"end", rounded(sound.start_of(at + 1))}});
  }
  return render.text("timed", {{"audio", base::base64_encode(piece.bytes)}, {"spoken", std::move(spoken)}});
}

/// POST .../text-to-speech/{voice} and its three relatives. The same voice, body and query sound the same on all four:
///
/// - plain: the clip with its length;
/// - /stream: chunked;
/// - /with-timestamps: a JSON object with `audio_base64`, `alignment` and `normalized_alignment`;
/// - /stream/with-timestamps: such an object a line for each piece, their times counted from the start of the clip. The
///   last line has the silence, and null for both alignments.
///
/// The query's `output_format` is mp3_44100_128 where it is absent; mp3_*, pcm_*, wav_*, ulaw_8000 and alaw_8000 are
/// made. The proof is of the body with the members `voice` from the path, and `output_format` and
/// `optimize_streaming_latency` (only where it is stated) from the query, as texts.
///
/// 422: no JSON object, or no `text`. 400: a format the mock does not make.
answer speech(const call& asked) {
  auto path = asked.path();
  const bool times = path.ends_with("/with-timestamps");
  if (times) path.remove_suffix(std::string_view("/with-timestamps").size());
  const bool streams = path.ends_with("/stream");
  const renderer render(api, asked);
  const auto sound = clip_for(render, asked);
  if (!sound) return sound.error();
  answer reply{.chunked = streams};
  if (!times) {
    reply = streams ? streamed_answer(*sound, asked.how.tokens_per_chunk) : whole_answer(*sound);
  } else if (streams) {
    for (const auto& piece : pieces_of(*sound, asked.how.tokens_per_chunk)) {
      reply.pieces.push_back(timed(render, *sound, piece) + "\n");
    }
  } else {
    reply.pieces = {timed(render, *sound, {.bytes = sound->bytes, .characters = characters_of(sound->text)})};
  }
  reply.headers = render.headers("speech.headers", {{"characters", sound->characters}});
  return reply;
}

class stream_input_handler final : public websocket_handler {
 public:
  explicit stream_input_handler(const call& asked)
      : asked_(asked), render_(api, asked_), voice_(voice_in(asked.path())) {}

  reaction receive(const message& said) override {
    const auto frame = parse_json(said.bytes);
    const auto* const text = frame ? member(*frame, "text") : nullptr;
    if (text == nullptr || !text->is_string()) return {.messages = {{render_.text("socket.error")}}, .closes = true};
    if (std::exchange(opened_, true) && text->get_string().empty()) {
      reaction last{.messages = spoken(), .closes = true};
      last.messages.push_back({render_.text("socket.end")});
      return last;
    }
    if (text->get_string() != " ") gathered_ += text->get_string();
    const bool speaks = is_true(*frame, "try_trigger_generation") || is_true(*frame, "flush");
    return {.messages = speaks ? spoken() : std::vector<message>{}};
  }

 private:
  /// A frame for what has gathered; none where that is nothing.
  std::vector<message> spoken() {
    const auto text = std::exchange(gathered_, {});
    if (text.empty()) return {};
    json::array heard;  // each byte, as the mock's texts are ASCII
    for (const char one : text) {
      const auto start = heard.size() * character_ms;
      heard.push_back({{"character", std::string(1, one)}, {"start", start}, {"duration", character_ms}});
    }
    return {{render_.text("socket.audio", {{"audio", base::base64_encode(voice_ + ": " + text)}, {"heard", heard}})}};
  }

  const call asked_;
  const renderer render_;
  const std::string voice_;
  std::string gathered_;
  bool opened_ = false;
};

/// The WebSocket /v1/text-to-speech/{voice}/stream-input (elevenlabs.io/docs/api-reference: "TTS websockets").
///
/// The client opens with the text " ", sends pieces, and ends with the text "". Pieces with `try_trigger_generation` or
/// `flush` are answered with a frame of audio for all that has gathered; the end with the rest, a frame with `isFinal`,
/// and the closing frame. The audio is no sound: it spells "<voice>: <text>", so that a test can tell what was spoken.
std::unique_ptr<websocket_handler> stream_input(const call& asked) {
  return std::make_unique<stream_input_handler>(asked);
}

constexpr route rows[] = {
    {"POST", "*/text-to-speech/*", &api, speech},
    fixed("*/v2/voices", api, "voices.paged"),
    fixed("*/voices", api, "voices"),
    fixed("*/models", api, "models", "xi-api-key"),
    socket("*/text-to-speech/*/stream-input", api, stream_input),
};

}  // namespace

constinit const std::span<const route> elevenlabs_routes{rows};

}  // namespace refrain::mock
