#include "mock/sarvam_speech.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mock/base64.h"
#include "mock/json.h"
#include "mock/proof.h"
#include "mock/sarvam.h"
#include "mock/speech_answer.h"

namespace refrain::mock::sarvam {
namespace {

namespace json = boost::json;

refusal bad(std::string message) { return {.status = 400, .message = std::move(message)}; }

refusal missing(std::string_view name) { return bad(fmt::format("Validation Error(s):\n- {}: Field required", name)); }

/// The texts to be said; none where the request has none, or what is no text among them.
std::vector<std::string> texts_of(const json::value& request) {
  std::vector<std::string> texts;
  const auto* inputs = member(request, "inputs");
  if (inputs == nullptr || !inputs->is_array()) {
    if (const auto text = string_member(request, "text"); !text.empty()) texts.emplace_back(text);
    return texts;
  }
  for (const auto& one : inputs->get_array()) {
    if (!one.is_string() || one.get_string().empty()) return {};
    texts.emplace_back(one.get_string());
  }
  return texts;
}

/// The request without its texts, one name for each thing, and what is absent written out.
json::object essence_of(json::object request, std::string_view usual_codec) {
  request.erase("inputs");
  request.erase("text");
  if (const auto* language = request.if_contains("target_language_code")) {
    request.insert({{"language_code", *language}});
    request.erase("target_language_code");
  }
  if (!request.contains("output_audio_codec")) request["output_audio_codec"] = usual_codec;
  request["speech_sample_rate"] = number_member(request, "speech_sample_rate").value_or(22'050);
  if (string_member(request, "output_audio_codec") == "mp3" && !request.contains("output_audio_bitrate")) {
    request["output_audio_bitrate"] = "128k";
  }
  return request;
}

/// What `essence_of` says of the sound's form.
std::optional<audio_format> format_of(const json::object& essence) {
  const auto codec = string_member(essence, "output_audio_codec");
  audio_format format{.container = audio_container::raw, .sample_rate = count_member(essence, "speech_sample_rate")};
  if (codec == "wav") {
    format.container = audio_container::wav;
  } else if (codec == "mp3") {
    const auto rate = string_member(essence, "output_audio_bitrate");  // "128k"
    std::from_chars(rate.data(), rate.data() + rate.size(), format.bit_rate);
    format.container = audio_container::mp3;
    format.bit_rate *= 1000;
  } else if (codec == "mulaw") {
    format.encoding = sample_encoding::mulaw;
  } else if (codec == "alaw") {
    format.encoding = sample_encoding::alaw;
  } else if (codec != "linear16") {
    return std::nullopt;
  }
  return is_made(format) ? std::optional(format) : std::nullopt;
}

/// A request that has been read.
struct order {
  std::vector<std::string> texts{};
  json::object essence{};
  audio_format format{};
  std::optional<refusal> fault{};  ///< why it is not served; the rest is empty then
};

order read(const call& asked, std::string_view usual_codec, bool needs_language) {
  const auto request = parse_json(asked.body);
  if (!request || !request->is_object()) return {.fault = bad("The body of the request is not a JSON object.")};
  auto texts = texts_of(*request);
  if (texts.empty()) return {.fault = missing("text")};
  auto essence = essence_of(request->get_object(), usual_codec);
  if (needs_language && string_member(essence, "language_code").empty()) return {.fault = missing("language_code")};
  const auto format = format_of(essence);
  if (!format) {
    return {.fault = bad(fmt::format("Validation Error(s):\n- output_audio_codec: {}", audio_formats_made))};
  }
  return {.texts = std::move(texts), .essence = std::move(essence), .format = *format};
}

clip say(const order& what, const std::string& text, const call& asked) {
  auto essence = what.essence;
  essence["text"] = text;
  return speak({.text = text,
                .proof = proof_of_members(std::move(essence)),
                .language = std::string(string_member(what.essence, "language_code")),
                .speed = number_member(what.essence, "pace").value_or(1),
                .format = what.format,
                .source = asked.wish.speech});
}

}  // namespace

answer text_to_speech(const call& asked) {
  const auto what = read(asked, "wav", true);
  if (what.fault) return refuse(asked, *what.fault);
  json::array audios;
  for (const auto& text : what.texts) audios.emplace_back(base64(say(what, text, asked).bytes));
  audios.resize(audios.size() - std::min(audios.size(), asked.wish.items_missing));
  if (asked.wish.items_reversed) std::reverse(audios.begin(), audios.end());
  return {.pieces = {json::serialize(json::object{{"request_id", request_id(asked)}, {"audios", std::move(audios)}})}};
}

answer text_to_speech_stream(const call& asked) {
  const auto what = read(asked, "mp3", false);
  if (what.fault) return refuse(asked, *what.fault);
  const auto& text = what.texts.front();
  return streamed_answer(say(what, text, asked), text, asked);
}

}  // namespace refrain::mock::sarvam
