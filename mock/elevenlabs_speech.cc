#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/base64.h"
#include "mock/elevenlabs.h"
#include "mock/json.h"
#include "mock/proof.h"
#include "mock/renderer.h"
#include "mock/speech.h"

namespace refrain::mock::elevenlabs {
namespace {

namespace json = boost::json;

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
                .source = asked.wish.speech});
}

double rounded(std::chrono::duration<double> time) { return std::round(time.count() * 1000) / 1000; }

/// When each of the characters is said, the first of them being the clip's `first`. The normalizer makes a blank of
/// every white space.
json::value alignment_of(const renderer& render, const clip& sound, const clip_piece& piece, bool normalized) {
  json::array texts, starts, ends;
  for (std::size_t at = 0; at < piece.characters.size(); ++at) {
    const auto& one = piece.characters[at];
    const bool blank = normalized && (one == "\n" || one == "\t" || one == "\r");
    texts.emplace_back(blank ? " " : one);
    starts.emplace_back(rounded(sound.start_of(piece.first + at)));
    ends.emplace_back(rounded(sound.start_of(piece.first + at + 1)));
  }
  return render.fill("alignment", {{"characters", texts}, {"starts", starts}, {"ends", ends}});
}

std::string timed(const renderer& render, const clip& sound, const clip_piece& piece) {
  json::object values{{"audio", base::base64_encode(piece.bytes)}};
  if (!piece.characters.empty()) {
    values["alignment"] = alignment_of(render, sound, piece, false);
    values["normalized_alignment"] = alignment_of(render, sound, piece, true);
  }
  return render.text("timed", values);
}

/// Answers with what `form` makes of the clip.
template <class Form>
answer speak_as(const call& asked, Form form) {
  const renderer render(api, asked);
  const auto sound = clip_for(render, asked);
  if (!sound) return sound.error();
  answer reply = form(render, *sound);
  reply.headers = render.headers("speech.headers", {{"characters", sound->characters}});
  return reply;
}

}  // namespace

answer speech(const call& asked) {
  return speak_as(asked, [](const renderer&, const clip& sound) { return whole_answer(sound); });
}

answer speech_stream(const call& asked) {
  return speak_as(
      asked, [&](const renderer&, const clip& sound) { return streamed_answer(sound, asked.wish.tokens_per_chunk); });
}

answer speech_with_timestamps(const call& asked) {
  return speak_as(asked, [](const renderer& render, const clip& sound) {
    const clip_piece whole{.bytes = sound.bytes, .characters = characters_of(sound.text)};
    return answer{.pieces = {timed(render, sound, whole)}};
  });
}

answer stream_with_timestamps(const call& asked) {
  return speak_as(asked, [&](const renderer& render, const clip& sound) {
    answer lines{.chunked = true};
    for (const auto& piece : pieces_of(sound, asked.wish.tokens_per_chunk)) {
      lines.pieces.push_back(timed(render, sound, piece) + "\n");
    }
    return lines;
  });
}

answer list_voices(const call& asked) {
  return renderer(api, asked).plain("voices", {{"paged", asked.path().ends_with("/v2/voices")}});
}

answer list_models(const call& asked) { return renderer(api, asked).plain("models"); }

}  // namespace refrain::mock::elevenlabs
