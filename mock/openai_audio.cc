#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/base64.h"
#include "mock/form.h"
#include "mock/json.h"
#include "mock/openai.h"
#include "mock/proof.h"
#include "mock/renderer.h"
#include "mock/routes.h"
#include "mock/speech.h"
#include "mock/text.h"
#include "mock/turn.h"

namespace refrain::mock {
namespace {

using openai::api;

constexpr std::size_t bytes_per_second = 16'000;
constexpr std::size_t tokens_per_second_heard = 10;
constexpr std::size_t first_token_id = 50'364;

/// What the templates may say of a transcription. Each token is a piece.
json::object values_for(const call& asked, const std::vector<form_field>& fields, const turn& said) {
  const auto seconds = 1 + form_text(fields, "file").size() / bytes_per_second;
  const bool logprobs = form_text(fields, "include[]") == "logprobs";
  auto how = asked.how;
  how.tokens_per_chunk = 1;
  auto values = values_of(said, 0, how, logprobs);
  json::array token_ids;
  for (std::size_t i = 0; i < said.text.size(); ++i) token_ids.push_back(first_token_id + i);
  values["token_ids"] = std::move(token_ids);
  values["logprobs"] = logprobs;
  values["whisper"] = form_text(fields, "model").starts_with("whisper");
  values["seconds"] = seconds;
  values["duration"] = static_cast<double>(seconds);
  values["until"] = fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  values["input_tokens"] = seconds * tokens_per_second_heard;
  values["output_tokens"] = said.text.size();
  values["total_tokens"] = seconds * tokens_per_second_heard + said.text.size();
  return values;
}

/// POST .../audio/transcriptions: a form with `file` and `model`. The text follows from the form's proof. It comes as
/// `response_format` asks: json, verbose_json, text, srt or vtt; with `stream=true` as events, except from `whisper-1`,
/// which ignores it. `include[]=logprobs` does as documented.
///
/// POST .../audio/translations: the same without streams.
answer transcriptions(const call& asked) {
  renderer render(api, asked);
  const auto fields = read_form(asked.field("Content-Type"), asked.body);
  if (!fields) return render.refuse("no_form");
  for (const auto* const name : {"file", "model"}) {
    if (form_text(*fields, name).empty()) return render.refuse("no_field", {{"param", name}});
  }
  const turn said{.text =
                      tokens_of(answer_text(proof_of(*fields), form_text(*fields, "prompt"), asked.how.text_bytes, 0))};
  const bool transcribes = asked.path().ends_with("/transcriptions");
  render.set(values_for(asked, *fields, said))
      .set({{"task", transcribes ? "transcribe" : "translate"}, {"transcribes", transcribes}});
  if (transcribes && form_text(*fields, "model") != "whisper-1" && form_text(*fields, "stream") == "true") {
    auto events = render.pieces(stream_form::event, "transcription.stream");
    const bool broken = break_off(events, asked.how, render.piece(stream_form::event, "transcription.broken_off"));
    if (!broken && !asked.how.no_done) events.push_back(render.piece(stream_form::event, "transcription.done"));
    return render.stream(std::move(events));
  }
  const auto format = form_text(*fields, "response_format");
  if (format == "verbose_json") return render.plain("transcription.verbose_json");
  if (format != "text" && format != "srt" && format != "vtt") return render.plain("transcription");
  return {.content_type = "text/plain; charset=utf-8",
          .headers = render.headers(),
          .pieces = {std::string(render.fill(fmt::format("transcription.{}", format)).as_string())}};
}

constexpr std::size_t most_characters = 4'096;
constexpr double tokens_per_second_spoken = 20;

constexpr named_format formats[] = {
    {"mp3", {.container = audio_container::mp3, .bit_rate = 160'000}},
    {"wav", {.container = audio_container::wav}},
    {"pcm", {.container = audio_container::raw}},
};

/// The first member that is missing; a voice may be an object. Empty: none.
std::string_view missing_in(const json::object& request) {
  for (const std::string_view name : {"model", "input", "voice"}) {
    const auto* given = member(request, name);
    const bool custom_voice = name == "voice" && given != nullptr && given->is_object();
    if (string_member(request, name).empty() && !custom_voice) return name;
  }
  return {};
}

answer as_events(renderer& render, const clip& sound, const behaviour& how) {
  json::array pieces;
  for (const auto& piece : pieces_of(sound, how.tokens_per_chunk)) {
    pieces.push_back({{"audio", base::base64_encode(piece.bytes)}});
  }
  const auto input = token_estimate(sound.text);
  const auto output = static_cast<std::size_t>(sound.length.count() * tokens_per_second_spoken);
  render.set({{"pieces", std::move(pieces)},
              {"done", !how.no_done},
              {"usage", !how.no_usage},
              {"input_tokens", input},
              {"output_tokens", output},
              {"total_tokens", input + output}});
  auto events = render.pieces(stream_form::event, "speech.stream");
  break_off(events, how, render.piece(stream_form::event, "speech.broken_off"));
  return render.stream(std::move(events));
}

/// POST .../audio/speech: mp3 (24 kHz, 160 kbit/s) where `response_format` does not say wav or pcm (16 bit, 24 kHz).
/// Chunked; with `stream_format` "sse" as speech.audio.delta events, whose base64 texts joined by their bytes are the
/// same clip, then speech.audio.done with usage, which x-mock-no-done leaves out. Needs `model`, `input` and `voice`.
///
/// The proof is of the body without `stream_format`, `response_format` and `speed` written out where they are absent
/// ("mp3", 1).
///
/// Also 400: `input` is longer than 4,096 characters, a format the mock does not make, "sse" of tts-1.
answer speech(const call& asked) {
  renderer render(api, asked);
  auto body = render.request({});
  if (!body) return body.error();
  auto& essence = body->get_object();
  const auto missing = missing_in(essence);
  if (!missing.empty()) return render.refuse("speech.missing", {{"param", missing}});
  const std::string text(string_member(essence, "input"));
  const auto model = string_member(essence, "model");
  const bool events = string_member(essence, "stream_format") == "sse";
  if (characters_of(text).size() > most_characters) return render.refuse("speech.too_long");
  if (events && (model == "tts-1" || model == "tts-1-hd")) return render.refuse("speech.no_events", {{"model", model}});

  essence.erase("stream_format");
  if (!essence.contains("response_format")) essence["response_format"] = "mp3";
  if (!essence.contains("speed")) essence["speed"] = 1;
  const auto format = format_named(formats, string_member(essence, "response_format"));
  if (!format) return render.refuse("speech.format", {{"formats", audio_formats_made}});
  const auto sound = speak({.text = text,
                            .proof = proof_of_members(essence),
                            .speed = number_member(essence, "speed").value_or(1),
                            .format = *format});
  if (events) return as_events(render, sound, asked.how);
  auto reply = streamed_answer(sound, asked.how.tokens_per_chunk);
  reply.headers = render.headers();
  return reply;
}

constexpr route rows[] = {
    {"POST", "*/audio/speech", &api, speech},
    {"POST", "*/audio/transcriptions", &api, transcriptions},
    {"POST", "*/audio/translations", &api, transcriptions},
};

}  // namespace

constinit const std::span<const route> openai_audio_routes{rows};

}  // namespace refrain::mock
