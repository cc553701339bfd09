#include "mock/elevenlabs.h"

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
#include "mock/speech.h"

namespace refrain::mock::elevenlabs {
namespace {

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
                .language = std::string(string_member(essence, "language_code")),
                .speed = number_member(member(essence, "voice_settings"), "speed").value_or(1),
                .format = *format,
                .source = asked.how.speech});
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

answer respond(const call& asked, bool streams, bool times) {
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

}  // namespace

answer speech(const call& asked) { return respond(asked, false, false); }

answer speech_stream(const call& asked) { return respond(asked, true, false); }

answer speech_with_timestamps(const call& asked) { return respond(asked, false, true); }

answer stream_with_timestamps(const call& asked) { return respond(asked, true, true); }

answer list_voices(const call& asked) {
  return renderer(api, asked).plain("voices", {{"paged", asked.path().ends_with("/v2/voices")}});
}

answer list_models(const call& asked) { return renderer(api, asked).plain("models"); }

std::unique_ptr<websocket_handler> stream_input(const call& asked) {
  return std::make_unique<stream_input_handler>(asked);
}

}  // namespace refrain::mock::elevenlabs
