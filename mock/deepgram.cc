#include <fmt/format.h>

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "mock/json.h"
#include "mock/proof.h"
#include "mock/renderer.h"
#include "mock/routes.h"
#include "mock/speech.h"

/// Speaks as Deepgram's API does.
namespace refrain::mock {
namespace {

/// Errors are {"category", "message", "details", "request_id"} for a bad request, else {"err_code", "err_msg",
/// "request_id"}, with the codes of developers.deepgram.com/docs/errors. `Bearer` shows a temporary key.
constexpr provider api{.name = "deepgram", .keys = {"Authorization: Token", "Authorization: Bearer"}};

constexpr named_format encodings[] = {
    {"mp3", {.container = audio_container::mp3, .sample_rate = 22'050, .bit_rate = 48'000}},
    {"linear16", {.encoding = sample_encoding::s16}},
    {"mulaw", {.encoding = sample_encoding::mulaw, .sample_rate = 8'000}},
    {"alaw", {.encoding = sample_encoding::alaw, .sample_rate = 8'000}},
};

/// Puts into `essence` what the query says of the sound, with what it leaves open. Nothing: an encoding or container
/// that the mock does not make.
std::optional<audio_format> read_query(const call& asked, json::object& essence) {
  const auto put = [&](std::string_view name, std::string usual) {
    essence[name] = asked.parameter(name).value_or(std::move(usual));
  };
  put("model", "aura-asteria-en");
  put("speed", "1");
  put("encoding", "mp3");
  auto format = format_named(encodings, string_member(essence, "encoding"));
  if (!format) return std::nullopt;
  const bool mp3 = format->container == audio_container::mp3;
  put("container", mp3 ? "none" : "wav");
  put("sample_rate", fmt::to_string(format->sample_rate));
  if (mp3) put("bit_rate", fmt::to_string(format->bit_rate));

  format->sample_rate = count_member(essence, "sample_rate");
  format->bit_rate = count_member(essence, "bit_rate");
  const auto container = string_member(essence, "container");
  if (container != "none" && (mp3 || container != "wav")) return std::nullopt;
  if (container == "none" && !mp3) format->container = audio_container::raw;
  return is_made(*format) ? format : std::nullopt;
}

/// POST .../speak: the body's `text` as a chunked body. The query's `encoding` is mp3 (22,050 Hz, `bit_rate` 48,000 or
/// 32,000), linear16 (24,000 Hz where `sample_rate` does not say otherwise), mulaw or alaw (8,000 Hz); where it is
/// absent, mp3. The latter three come in `container` wav, or raw with "none".
///
/// The proof is of the body with the members `model`, `encoding`, `container`, `sample_rate`, `bit_rate` (of mp3) and
/// `speed`, as texts, those that are absent written out as they are taken (`model` aura-asteria-en, `speed` 1,
/// `container` of mp3 none).
///
/// 400: no JSON object, no text, a form the mock does not make.
answer speak_text(const call& asked) {
  const renderer render(api, asked);
  auto request = render.request({"text"}, need::text);
  if (!request) return request.error();
  auto& essence = request->get_object();
  const auto format = read_query(asked, essence);
  if (!format) return render.refuse("format", {{"formats", audio_formats_made}});
  const auto model = string_member(essence, "model");
  const auto sound = speak({.text = std::string(string_member(essence, "text")),
                            .proof = proof_of_members(essence),
                            .speed = number_member(essence, "speed").value_or(1),
                            .format = *format});
  auto reply = streamed_answer(sound, asked.how.tokens_per_chunk);
  reply.headers = render.headers("speech.headers", {{"model", model}, {"characters", sound.characters}});
  return reply;
}

constexpr route rows[] = {{"POST", "*/speak", &api, speak_text}};

}  // namespace

constinit const std::span<const route> deepgram_routes{rows};

}  // namespace refrain::mock
