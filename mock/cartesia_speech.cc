#include "mock/cartesia_speech.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "mock/base64.h"
#include "mock/cartesia.h"
#include "mock/events.h"
#include "mock/json.h"
#include "mock/proof.h"
#include "mock/speech_answer.h"

namespace refrain::mock::cartesia {
namespace {

namespace json = boost::json;

struct encoding_row {
  std::string_view name;
  sample_encoding encoding;
};

constexpr encoding_row encodings[] = {{"pcm_s16le", sample_encoding::s16},
                                      {"pcm_f32le", sample_encoding::f32},
                                      {"pcm_mulaw", sample_encoding::mulaw},
                                      {"pcm_alaw", sample_encoding::alaw}};

constexpr std::string_view without_sound[] = {"context_id", "save", "add_timestamps", "add_phoneme_timestamps",
                                              "use_normalized_timestamps"};

std::optional<audio_format> format_of(const json::value& request) {
  const auto* asked = member(request, "output_format");
  if (asked == nullptr) return std::nullopt;
  audio_format format{.container = audio_container::mp3, .sample_rate = count_member(*asked, "sample_rate")};
  const auto container = string_member(*asked, "container");
  if (container == "mp3") {
    format.bit_rate = count_member(*asked, "bit_rate");
  } else {
    const auto* row = std::ranges::find(encodings, string_member(*asked, "encoding"), &encoding_row::name);
    if (row == std::end(encodings) || (container != "raw" && container != "wav")) return std::nullopt;
    format.container = container == "raw" ? audio_container::raw : audio_container::wav;
    format.encoding = row->encoding;
  }
  return is_made(format) ? std::optional(format) : std::nullopt;
}

std::optional<refusal> fault_in(const json::value& request) {
  for (const auto* name : {"model_id", "transcript", "voice"}) {
    const auto* given = member(request, name);
    const bool there = given != nullptr && (given->is_object() || !string_member(request, name).empty());
    if (!there) return refusal{.status = 400, .message = fmt::format("{} is required.", name)};
  }
  return std::nullopt;
}

double speed_of(const json::value& request) {
  if (const auto* config = member(request, "generation_config")) return number_member(*config, "speed").value_or(1);
  const auto word = string_member(request, "speed");
  return word == "slow" ? 0.8 : word == "fast" ? 1.25 : 1;
}

/// A request that can be served, and its clip.
struct spoken {
  std::string text;
  clip sound;
  json::object request;
};

std::variant<spoken, answer> speak_for(const call& asked) {
  const auto request = parse_json(asked.body);
  if (!request || !request->is_object()) {
    return refuse(asked, {.status = 400, .message = "The body of the request is not a JSON object."});
  }
  if (const auto fault = fault_in(*request)) return refuse(asked, *fault);
  const auto format = format_of(*request);
  if (!format) {
    return refuse(asked, {.status = 400, .message = fmt::format("output_format: {}.", audio_formats_made)});
  }
  auto essence = request->get_object();
  for (const auto name : without_sound) essence.erase(name);
  std::string text(string_member(*request, "transcript"));
  auto sound = speak({.text = text,
                      .proof = proof_of_members(std::move(essence)),
                      .language = std::string(string_member(*request, "language")),
                      .speed = speed_of(*request),
                      .format = *format,
                      .source = asked.wish.speech});
  return spoken{.text = std::move(text), .sound = std::move(sound), .request = request->get_object()};
}

/// The words of a piece, and when they are said. A blank ends a word.
json::object words_of(const clip& sound, const clip_piece& piece) {
  json::array words, starts, ends;
  std::string word;
  std::size_t first = 0;
  for (std::size_t at = 0; at <= piece.characters.size(); ++at) {
    const bool ends_here = at == piece.characters.size() || piece.characters[at] == " ";
    if (!ends_here) {
      if (word.empty()) first = at;
      word += piece.characters[at];
    } else if (!word.empty()) {
      words.emplace_back(std::exchange(word, {}));
      starts.emplace_back(sound.start_of(piece.first + first).count());
      ends.emplace_back(sound.start_of(piece.first + at).count());
    }
  }
  return {{"words", std::move(words)}, {"start", std::move(starts)}, {"end", std::move(ends)}};
}

/// Makes the events of one answer: each has the request's context.
class event_maker {
 public:
  explicit event_maker(const json::object& request) : context_(request.if_contains("context_id")) {}

  [[nodiscard]] std::string event(std::string_view type, bool done, unsigned status, json::object more) const {
    more["type"] = type;
    more["done"] = done;
    more["status_code"] = status;
    if (context_ != nullptr) more["context_id"] = *context_;
    return named_event(type, more);
  }

 private:
  const json::value* context_;
};

std::vector<std::string> events_of(const spoken& made, const call& asked) {
  const event_maker make(made.request);
  const bool timed = is_true(made.request, "add_timestamps");
  std::vector<std::string> events;
  for (const auto& piece : pieces_of(made.sound, made.text, asked.wish.tokens_per_chunk)) {
    events.push_back(make.event("chunk", false, 206, {{"data", base64(piece.bytes)}, {"step_time", 12.5}}));
    if (!timed || piece.characters.empty()) continue;
    events.push_back(make.event("timestamps", false, 206, {{"word_timestamps", words_of(made.sound, piece)}}));
  }
  if (!asked.wish.no_done) events.push_back(make.event("done", true, 200, {}));
  const json::object error{{"title", title_of(500)},
                           {"message", "The stream broke off. This error was asked for."},
                           {"error_code", nullptr},
                           {"request_id", asked.uuid()}};
  break_off(events, asked.wish.error_event, make.event("error", true, 500, error));
  return events;
}

}  // namespace

answer speech_bytes(const call& asked) {
  auto made = speak_for(asked);
  if (auto* refused = std::get_if<answer>(&made)) return std::move(*refused);
  const auto& [text, sound, request] = std::get<spoken>(made);
  auto reply = streamed_answer(sound, text, asked);
  if (is_true(request, "save")) reply.headers.push_back({"Cartesia-File-ID", fmt::format("file_{}", asked.unique())});
  return reply;
}

answer speech_events(const call& asked) {
  auto made = speak_for(asked);
  if (auto* refused = std::get_if<answer>(&made)) return std::move(*refused);
  const auto& ready = std::get<spoken>(made);
  if (ready.sound.format.container != audio_container::raw) {
    return refuse(asked, {.status = 400, .message = "output_format: only the container raw is streamed as events."});
  }
  return {.content_type = "text/event-stream", .chunked = true, .pieces = events_of(ready, asked)};
}

}  // namespace refrain::mock::cartesia
