#include <boost/json.hpp>

#include "base/base64.h"
#include "mock/json.h"
#include "mock/openai.h"
#include "mock/proof.h"
#include "mock/renderer.h"
#include "mock/speech.h"
#include "mock/text.h"

namespace refrain::mock::openai {
namespace {

namespace json = boost::json;

constexpr std::size_t most_characters = 4'096;
constexpr double tokens_per_second = 20;

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

answer as_events(const renderer& render, const clip& sound, const behaviour& wish) {
  std::vector<std::string> events;
  for (const auto& piece : pieces_of(sound, wish.tokens_per_chunk)) {
    events.push_back(render.event("speech.delta", {{"audio", base::base64_encode(piece.bytes)}}));
  }
  json::object usage;
  if (!wish.no_usage) {
    const auto input = token_estimate(sound.text);
    const auto output = static_cast<std::size_t>(sound.length.count() * tokens_per_second);
    usage = {{"input_tokens", input}, {"output_tokens", output}, {"total_tokens", input + output}};
  }
  if (!wish.no_done) events.push_back(render.event("speech.done", usage));
  break_off(events, wish, render.event("broken_off"));
  return render.stream(std::move(events));
}

}  // namespace

answer speech(const call& asked) {
  const renderer render(api, asked);
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
                            .format = *format,
                            .source = asked.wish.speech});
  if (events) return as_events(render, sound, asked.wish);
  auto reply = streamed_answer(sound, asked.wish.tokens_per_chunk);
  reply.headers = render.headers();
  return reply;
}

}  // namespace refrain::mock::openai
