#include "mock/elevenlabs_speech.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "mock/base64.h"
#include "mock/elevenlabs.h"
#include "mock/json.h"
#include "mock/proof.h"
#include "mock/speech_answer.h"

namespace refrain::mock::elevenlabs {
namespace {

namespace json = boost::json;

/// What comes first in a format's name.
struct codec {
  std::string_view name;
  audio_container container;
  sample_encoding encoding;
};

constexpr codec codecs[] = {{"mp3_", audio_container::mp3, sample_encoding::s16},
                            {"pcm_", audio_container::raw, sample_encoding::s16},
                            {"wav_", audio_container::wav, sample_encoding::s16},
                            {"ulaw_", audio_container::raw, sample_encoding::mulaw},
                            {"alaw_", audio_container::raw, sample_encoding::alaw}};

/// A format such as "mp3_44100_128": codec, sample rate, and kilobits a second of mp3.
std::optional<audio_format> format_named(std::string_view name) {
  for (const auto& one : codecs) {
    if (!name.starts_with(one.name)) continue;
    audio_format format{.container = one.container, .encoding = one.encoding, .sample_rate = 0};
    const auto* last = name.data() + name.size();
    auto [end, fault] = std::from_chars(name.data() + one.name.size(), last, format.sample_rate);
    if (one.container == audio_container::mp3 && end != last && *end == '_') {
      end = std::from_chars(end + 1, last, format.bit_rate).ptr;
      format.bit_rate *= 1000;
    }
    if (end == last && is_made(format)) return format;
  }
  return std::nullopt;
}

/// What stands in the path after /text-to-speech/, up to the next slash.
std::string_view voice_in(std::string_view path) {
  constexpr std::string_view before = "/text-to-speech/";
  const auto voice = path.substr(path.rfind(before) + before.size());
  return voice.substr(0, voice.find('/'));
}

/// A request that can be served, and its clip.
struct spoken {
  std::string text;
  clip sound;
};

std::variant<spoken, answer> speak_for(const call& asked) {
  auto request = parse_json(asked.body);
  if (!request || !request->is_object()) {
    return refuse(asked, {.status = 422, .message = "JSON decode error", .code = "json_invalid"});
  }
  std::string text(string_member(*request, "text"));
  if (text.empty()) {
    return refuse(asked, {.status = 422, .message = "Field required", .param = "text", .code = "missing"});
  }
  const auto name = asked.parameter("output_format").value_or("mp3_44100_128");
  const auto format = format_named(name);
  if (!format) {
    return refuse(asked, {.status = 400,
                          .message = fmt::format("Output format {}: {}.", name, audio_formats_made),
                          .code = "unsupported_output_format"});
  }
  auto& essence = request->get_object();
  essence["voice"] = voice_in(asked.path());
  essence["output_format"] = name;
  if (const auto latency = asked.parameter("optimize_streaming_latency")) {
    essence["optimize_streaming_latency"] = *latency;
  }
  const auto* settings = essence.if_contains("voice_settings");
  auto sound = speak({.text = text,
                      .proof = proof_of_members(essence),
                      .language = std::string(string_member(*request, "language_code")),
                      .speed = settings == nullptr ? 1 : number_member(*settings, "speed").value_or(1),
                      .format = *format,
                      .source = asked.wish.speech});
  return spoken{.text = std::move(text), .sound = std::move(sound)};
}

answer with_headers(answer reply, const call& asked, const clip& sound) {
  reply.headers = provider_headers(asked, sound.characters);
  return reply;
}

double rounded(std::chrono::duration<double> time) { return std::round(time.count() * 1000) / 1000; }

/// When each of the characters is said, the first of them being the clip's `first`.
json::object alignment_of(const clip& sound, const std::vector<std::string>& characters, std::size_t first) {
  json::array texts, starts, ends;
  for (std::size_t at = 0; at < characters.size(); ++at) {
    texts.emplace_back(characters[at]);
    starts.emplace_back(rounded(sound.start_of(first + at)));
    ends.emplace_back(rounded(sound.start_of(first + at + 1)));
  }
  return {{"characters", std::move(texts)},
          {"character_start_times_seconds", std::move(starts)},
          {"character_end_times_seconds", std::move(ends)}};
}

/// What the normalizer makes of it: every white space is a blank.
std::vector<std::string> normalized(std::vector<std::string> characters) {
  for (auto& one : characters) {
    if (one == "\n" || one == "\t" || one == "\r") one = " ";
  }
  return characters;
}

json::object timed(const clip& sound, std::string_view bytes, const std::vector<std::string>& characters,
                   std::size_t first) {
  json::object body{{"audio_base64", base64(bytes)}, {"alignment", nullptr}, {"normalized_alignment", nullptr}};
  if (!characters.empty()) {
    body["alignment"] = alignment_of(sound, characters, first);
    body["normalized_alignment"] = alignment_of(sound, normalized(characters), first);
  }
  return body;
}

}  // namespace

answer speech(const call& asked) {
  auto made = speak_for(asked);
  if (auto* refused = std::get_if<answer>(&made)) return std::move(*refused);
  const auto& sound = std::get<spoken>(made).sound;
  return with_headers(whole_answer(sound), asked, sound);
}

answer speech_stream(const call& asked) {
  auto made = speak_for(asked);
  if (auto* refused = std::get_if<answer>(&made)) return std::move(*refused);
  const auto& [text, sound] = std::get<spoken>(made);
  return with_headers(streamed_answer(sound, text, asked), asked, sound);
}

answer speech_with_timestamps(const call& asked) {
  auto made = speak_for(asked);
  if (auto* refused = std::get_if<answer>(&made)) return std::move(*refused);
  const auto& [text, sound] = std::get<spoken>(made);
  answer reply{.pieces = {json::serialize(timed(sound, sound.bytes, characters_of(text), 0))}};
  return with_headers(std::move(reply), asked, sound);
}

answer stream_with_timestamps(const call& asked) {
  auto made = speak_for(asked);
  if (auto* refused = std::get_if<answer>(&made)) return std::move(*refused);
  const auto& [text, sound] = std::get<spoken>(made);
  answer reply{.chunked = true};
  for (const auto& piece : pieces_of(sound, text, asked.wish.tokens_per_chunk)) {
    reply.pieces.push_back(json::serialize(timed(sound, piece.bytes, piece.characters, piece.first)) + "\n");
  }
  return with_headers(std::move(reply), asked, sound);
}

}  // namespace refrain::mock::elevenlabs
