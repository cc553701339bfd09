#include "mock/deepgram_speech.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "mock/deepgram.h"
#include "mock/json.h"
#include "mock/proof.h"
#include "mock/speech_answer.h"

namespace refrain::mock::deepgram {
namespace {

namespace json = boost::json;

/// What is taken where the query does not say.
struct encoding_row {
  std::string_view name;
  audio_container container;
  sample_encoding encoding;
  std::string_view sample_rate;
};

constexpr encoding_row encodings[] = {{"mp3", audio_container::mp3, sample_encoding::s16, "22050"},
                                      {"linear16", audio_container::wav, sample_encoding::s16, "24000"},
                                      {"mulaw", audio_container::wav, sample_encoding::mulaw, "8000"},
                                      {"alaw", audio_container::wav, sample_encoding::alaw, "8000"}};

/// Puts into `essence` what the query says of the sound, with what it leaves open. Nothing: an encoding or container
/// that the mock does not make.
std::optional<audio_format> read_query(const call& asked, json::object& essence) {
  const auto take = [&](std::string_view name, std::string_view usual) {
    essence[name] = asked.parameter(name).value_or(std::string(usual));
  };
  take("model", "aura-asteria-en");
  take("speed", "1");
  take("encoding", "mp3");
  const auto* row = std::ranges::find(encodings, string_member(essence, "encoding"), &encoding_row::name);
  if (row == std::end(encodings)) return std::nullopt;
  const bool mp3 = row->container == audio_container::mp3;
  take("container", mp3 ? "none" : "wav");
  take("sample_rate", row->sample_rate);
  if (mp3) take("bit_rate", "48000");

  audio_format format{.container = row->container,
                      .encoding = row->encoding,
                      .sample_rate = count_member(essence, "sample_rate"),
                      .bit_rate = mp3 ? count_member(essence, "bit_rate") : 0};
  const auto container = string_member(essence, "container");
  if (container != "none" && (mp3 || container != "wav")) return std::nullopt;
  if (container == "none" && !mp3) format.container = audio_container::raw;
  return is_made(format) ? std::optional(format) : std::nullopt;
}

/// The language at the end of a model's name such as "aura-2-thalia-en".
std::string language_of(std::string_view model) { return std::string(model.substr(model.rfind('-') + 1)); }

}  // namespace

answer speak_text(const call& asked) {
  auto request = parse_json(asked.body);
  if (!request || !request->is_object() || string_member(*request, "text").empty()) {
    return refuse(asked, {.status = 400,
                          .message = "Invalid JSON submitted.",
                          .param = "Json deserialize error: missing field `text`",
                          .code = "INVALID_JSON"});
  }
  auto& essence = request->get_object();
  const std::string text(string_member(essence, "text"));
  const auto format = read_query(asked, essence);
  if (!format) {
    return refuse(asked, {.status = 400,
                          .message = "Unsupported audio format.",
                          .param = std::string(audio_formats_made),
                          .code = "UNSUPPORTED_AUDIO_FORMAT"});
  }
  const std::string model(string_member(essence, "model"));
  const auto sound = speak({.text = text,
                            .proof = proof_of_members(essence),
                            .language = language_of(model),
                            .speed = number_member(essence, "speed").value_or(1),
                            .format = *format,
                            .source = asked.wish.speech});
  auto reply = streamed_answer(sound, text, asked);
  reply.headers = {{"dg-request-id", asked.uuid()},
                   {"dg-model-name", model},
                   {"dg-model-uuid", "7a3f6e52-0c1d-4b8e-9f20-5d6c7b8a9e01"},
                   {"dg-char-count", fmt::to_string(sound.characters)}};
  return reply;
}

}  // namespace refrain::mock::deepgram
