#include "mock/cartesia.h"

#include <boost/json.hpp>
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

namespace refrain::mock::cartesia {
namespace {

constexpr named_format encodings[] = {
    {"pcm_s16le", {.encoding = sample_encoding::s16}},
    {"pcm_f32le", {.encoding = sample_encoding::f32}},
    {"pcm_mulaw", {.encoding = sample_encoding::mulaw}},
    {"pcm_alaw", {.encoding = sample_encoding::alaw}},
};

constexpr std::string_view without_sound[] = {"context_id", "save", "add_timestamps", "add_phoneme_timestamps",
                                              "use_normalized_timestamps"};

std::optional<audio_format> read_format(const json::value* wanted) {
  const auto container = string_member(wanted, "container");
  std::optional format{audio_format{.container = audio_container::mp3}};
  if (container == "mp3") {
    format->bit_rate = count_member(wanted, "bit_rate");
  } else {
    format = format_named(encodings, string_member(wanted, "encoding"));
    if (!format || (container != "raw" && container != "wav")) return std::nullopt;
    format->container = container == "raw" ? audio_container::raw : audio_container::wav;
  }
  format->sample_rate = count_member(wanted, "sample_rate");
  return is_made(*format) ? format : std::nullopt;
}

double speed_of(const json::value& request) {
  if (const auto* config = member(request, "generation_config")) return number_member(config, "speed").value_or(1);
  const auto word = string_member(request, "speed");
  return word == "slow" ? 0.8 : word == "fast" ? 1.25 : 1;
}

/// The words of a piece, and when they are said. A blank ends a word.
json::array words_of(const clip& sound, const clip_piece& piece) {
  json::array words;
  std::string word;
  std::size_t first = 0;
  for (std::size_t at = 0; at <= piece.characters.size(); ++at) {
    const bool ends_here = at == piece.characters.size() || piece.characters[at] == " ";
    if (!ends_here) {
      if (word.empty()) first = at;
      word += piece.characters[at];
    } else if (!word.empty()) {
      words.push_back({{"word", std::exchange(word, {})},
                       {"start", sound.start_of(piece.first + first).count()},
                       {"end", sound.start_of(piece.first + at).count()}});
    }
  }
  return words;
}

answer as_events(renderer& render, const clip& sound, const json::value& request, const behaviour& how) {
  if (const auto* context = member(request, "context_id")) render.set({{"context", *context}});
  const bool timed = is_true(request, "add_timestamps");
  std::vector<std::string> events;
  for (const auto& piece : pieces_of(sound, how.tokens_per_chunk)) {
    events.push_back(render.piece(stream_form::named_event, "chunk", {{"data", base::base64_encode(piece.bytes)}}));
    if (!timed || piece.characters.empty()) continue;
    events.push_back(render.piece(stream_form::named_event, "timestamps", {{"spoken", words_of(sound, piece)}}));
  }
  if (!how.no_done) events.push_back(render.piece(stream_form::named_event, "done"));
  break_off(events, how, render.piece(stream_form::named_event, "broken_off"));
  return render.stream(std::move(events));
}

answer respond(const call& asked, bool events) {
  renderer render(api, asked);
  const auto request = render.request({"model_id", "transcript", "voice"}, need::text_or_object);
  if (!request) return request.error();
  const auto format = read_format(member(*request, "output_format"));
  if (!format) return render.refuse("format", {{"formats", audio_formats_made}});
  if (events && format->container != audio_container::raw) return render.refuse("no_events");
  auto essence = request->get_object();
  for (const auto name : without_sound) essence.erase(name);
  const auto sound = speak({.text = std::string(string_member(*request, "transcript")),
                            .proof = proof_of_members(std::move(essence)),
                            .language = std::string(string_member(*request, "language")),
                            .speed = speed_of(*request),
                            .format = *format,
                            .source = asked.how.speech});
  if (events) return as_events(render, sound, *request, asked.how);
  auto reply = streamed_answer(sound, asked.how.tokens_per_chunk);
  if (is_true(*request, "save")) reply.headers = render.headers("saved.headers");
  return reply;
}

}  // namespace

answer speech_bytes(const call& asked) { return respond(asked, false); }

answer speech_events(const call& asked) { return respond(asked, true); }

}  // namespace refrain::mock::cartesia
