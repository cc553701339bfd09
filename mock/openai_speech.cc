#include "mock/openai_speech.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mock/base64.h"
#include "mock/events.h"
#include "mock/json.h"
#include "mock/openai.h"
#include "mock/proof.h"
#include "mock/speech_answer.h"
#include "mock/text.h"

namespace refrain::mock::openai {
namespace {

namespace json = boost::json;

constexpr std::size_t most_characters = 4'096;

std::optional<audio_format> format_named(std::string_view name) {
  if (name == "mp3") return audio_format{.container = audio_container::mp3, .sample_rate = 24'000, .bit_rate = 160'000};
  if (name == "wav") return audio_format{.container = audio_container::wav};
  if (name == "pcm") return audio_format{.container = audio_container::raw};
  return std::nullopt;
}

refusal bad(std::string_view param, std::string message) {
  return {.status = 400, .message = std::move(message), .param = std::string(param)};
}

std::optional<refusal> fault_in(const json::object& request) {
  for (const auto* name : {"model", "input", "voice"}) {
    const auto* given = request.if_contains(name);
    const bool custom_voice = given != nullptr && given->is_object() && std::string_view(name) == "voice";
    if (string_member(request, name).empty() && !custom_voice) {
      return bad(name, fmt::format("Missing required parameter: '{}'.", name));
    }
  }
  if (characters_of(string_member(request, "input")).size() > most_characters) {
    return bad("input", "Invalid 'input': string too long. Expected at most 4096 characters.");
  }
  const auto model = string_member(request, "model");
  if (string_member(request, "stream_format") == "sse" && (model == "tts-1" || model == "tts-1-hd")) {
    return bad("stream_format", fmt::format("The model {} does not support 'stream_format' sse.", model));
  }
  return std::nullopt;
}

/// The request with what is absent written out, and without what does not change the sound.
json::object essence_of(json::object request) {
  request.erase("stream_format");
  if (!request.contains("response_format")) request["response_format"] = "mp3";
  if (!request.contains("speed")) request["speed"] = 1;
  return request;
}

json::object usage_of(const clip& sound, std::string_view text) {
  const auto input = token_estimate(text);
  const auto output = static_cast<std::size_t>(sound.length.count() * 20);
  return {{"input_tokens", input}, {"output_tokens", output}, {"total_tokens", input + output}};
}

std::vector<std::string> events_of(const clip& sound, std::string_view text, const behaviour& wish) {
  std::vector<std::string> events;
  for (const auto& piece : pieces_of(sound, text, wish.tokens_per_chunk)) {
    events.push_back(data_event({{"type", "speech.audio.delta"}, {"audio", base64(piece.bytes)}}));
  }
  json::object done{{"type", "speech.audio.done"}};
  if (!wish.no_usage) done["usage"] = usage_of(sound, text);
  if (!wish.no_done) events.push_back(data_event(done));
  break_off(events, wish.error_event, broken_off_event());
  return events;
}

}  // namespace

answer speech(const call& asked) {
  const auto body = parse_json(asked.body);
  if (!body || !body->is_object()) {
    return refuse(asked, {.status = 400, .message = "The body of the request is not a JSON object."});
  }
  if (const auto fault = fault_in(body->get_object())) return refuse(asked, *fault);
  const auto request = essence_of(body->get_object());
  const auto format = format_named(string_member(request, "response_format"));
  if (!format) return refuse(asked, bad("response_format", fmt::format("Unsupported: {}.", audio_formats_made)));

  const std::string text(string_member(request, "input"));
  const auto sound = speak({.text = text,
                            .proof = proof_of_members(request),
                            .speed = number_member(request, "speed").value_or(1),
                            .format = *format,
                            .source = asked.wish.speech});
  auto reply = streamed_answer(sound, text, asked);
  if (string_member(*body, "stream_format") == "sse") {
    reply.content_type = "text/event-stream; charset=utf-8";
    reply.pieces = events_of(sound, text, asked.wish);
  }
  reply.headers = provider_headers(asked);
  return reply;
}

}  // namespace refrain::mock::openai
