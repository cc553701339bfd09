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
#include "mock/routes.h"
#include "mock/speech.h"

/// Speaks as Cartesia's API does.
namespace refrain::mock {
namespace {

/// Errors have the shape of version 2026-03-01: {"error_code", "title", "message", "request_id"}.
constexpr provider api{.name = "cartesia", .keys = {"X-API-Key", "Authorization: Bearer"}};

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

/// POST .../tts/bytes: `transcript` as a chunked body in `output_format`: `container` raw, wav or mp3, `encoding`
/// pcm_s16le, pcm_f32le, pcm_mulaw or pcm_alaw, `sample_rate`, and `bit_rate` of mp3.
///
/// The proof is of the body without what changes no sound: `context_id`, `save`, and the members that ask for
/// timestamps.
///
/// 400: no JSON object, `model_id`, `transcript` or `voice` is missing, a form the mock does not make.
///
/// POST .../tts/sse: the same clip, of a raw container alone, as `chunk` events with base64 in `data`; `timestamps`
/// events with its words after each of them where `add_timestamps` asks for it; then `done`, which x-mock-no-done
/// leaves out. Each has the request's `context_id`.
answer speech(const call& asked) {
  const bool events = asked.path().ends_with("/sse");
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
                            .speed = speed_of(*request),
                            .format = *format});
  if (events) return as_events(render, sound, *request, asked.how);
  auto reply = streamed_answer(sound, asked.how.tokens_per_chunk);
  if (is_true(*request, "save")) reply.headers = render.headers("saved.headers");
  return reply;
}

constexpr route rows[] = {
    {"POST", "*/tts/bytes", &api, speech},
    {"POST", "*/tts/sse", &api, speech},
};

}  // namespace

constinit const std::span<const route> cartesia_routes{rows};

}  // namespace refrain::mock
