#include "mock/openai_transcriptions.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "mock/events.h"
#include "mock/form.h"
#include "mock/openai.h"
#include "mock/proof.h"
#include "mock/text.h"

namespace refrain::mock::openai {
namespace {

namespace json = boost::json;

using form = std::vector<form_field>;

constexpr std::size_t bytes_per_second = 16'000;

std::size_t seconds_of(const form& fields) { return 1 + form_text(fields, "file").size() / bytes_per_second; }

json::object usage_of(const form& fields, std::size_t tokens) {
  if (form_text(fields, "model").starts_with("whisper")) return {{"type", "duration"}, {"seconds", seconds_of(fields)}};
  const auto audio = seconds_of(fields) * 10;
  return {{"type", "tokens"},
          {"input_tokens", audio},
          {"input_token_details", {{"text_tokens", 0}, {"audio_tokens", audio}}},
          {"output_tokens", tokens},
          {"total_tokens", audio + tokens}};
}

json::array logprobs_of(const std::vector<std::string>& tokens) {
  json::array list;
  for (const auto& token : tokens) {
    json::array bytes;
    for (const char c : token) bytes.push_back(static_cast<unsigned char>(c));
    list.push_back({{"token", token}, {"logprob", -0.25}, {"bytes", bytes}});
  }
  return list;
}

bool wants_logprobs(const form& fields) { return form_text(fields, "include[]") == "logprobs"; }

json::object verbose(const form& fields, const std::string& text, std::string_view task) {
  const auto seconds = static_cast<double>(seconds_of(fields));
  json::array tokens;
  for (std::size_t i = 0; i < tokens_of(text).size(); ++i) tokens.push_back(50364 + i);
  return {{"task", task},
          {"language", "english"},
          {"duration", seconds},
          {"text", text},
          {"segments", json::array{{{"id", 0},
                                    {"seek", 0},
                                    {"start", 0.0},
                                    {"end", seconds},
                                    {"text", text},
                                    {"tokens", tokens},
                                    {"temperature", 0.0},
                                    {"avg_logprob", -0.25},
                                    {"compression_ratio", 1.25},
                                    {"no_speech_prob", 0.01}}}},
          {"usage", {{"type", "duration"}, {"seconds", seconds_of(fields)}}}};
}

/// The time of the one cue; SRT and WebVTT differ in the mark before the milliseconds.
std::string span_of(const form& fields, char mark) {
  const auto seconds = seconds_of(fields);
  return fmt::format("00:00:00{}000 --> {:02}:{:02}:{:02}{}000", mark, seconds / 3600, seconds / 60 % 60, seconds % 60,
                     mark);
}

answer text_answer(const call& asked, std::string text) {
  return {.content_type = "text/plain; charset=utf-8", .headers = provider_headers(asked), .pieces = {std::move(text)}};
}

std::vector<std::string> events_of(const call& asked, const form& fields, const std::string& text) {
  const auto tokens = tokens_of(text);
  std::vector<std::string> events;
  for (const auto& token : tokens) {
    json::object delta{{"type", "transcript.text.delta"}, {"delta", token}};
    if (wants_logprobs(fields)) delta["logprobs"] = logprobs_of({token});
    events.push_back(data_event(delta));
  }
  if (asked.wish.error_event) {
    events.resize(std::min(*asked.wish.error_event, events.size()));
    events.push_back(data_event({{"type", "error"}, {"error", {{"message", "The stream broke off."}}}}));
  }
  if (asked.wish.error_event || asked.wish.no_done) return events;
  json::object done{{"type", "transcript.text.done"}, {"text", text}};
  if (wants_logprobs(fields)) done["logprobs"] = logprobs_of(tokens);
  done["usage"] = usage_of(fields, tokens.size());
  events.push_back(data_event(done));
  return events;
}

answer respond(const call& asked, std::string_view task) {
  const auto fields = read_form(asked.field("Content-Type"), asked.body);
  if (!fields) return refuse(asked, {.status = 400, .message = "The body of the request is not a form."});
  for (const auto* const name : {"file", "model"}) {
    if (form_text(*fields, name).empty()) {
      return refuse(asked, {.status = 400, .message = fmt::format("{} is missing.", name), .param = name});
    }
  }
  const auto text = answer_text(proof_of(*fields), form_text(*fields, "prompt"), asked.wish.text_bytes, 0);
  const bool may_stream = task == "transcribe" && form_text(*fields, "model") != "whisper-1";
  if (may_stream && form_text(*fields, "stream") == "true") return event_answer(asked, events_of(asked, *fields, text));

  const auto format = form_text(*fields, "response_format");
  if (format == "text") return text_answer(asked, text + "\n");
  if (format == "srt") return text_answer(asked, fmt::format("1\n{}\n{}\n\n", span_of(*fields, ','), text));
  if (format == "vtt") return text_answer(asked, fmt::format("WEBVTT\n\n{}\n{}\n\n", span_of(*fields, '.'), text));
  if (format == "verbose_json") return json_answer(asked, verbose(*fields, text, task));
  json::object body{{"text", text}};
  if (wants_logprobs(*fields)) body["logprobs"] = logprobs_of(tokens_of(text));
  if (task == "transcribe") body["usage"] = usage_of(*fields, tokens_of(text).size());
  return json_answer(asked, body);
}

}  // namespace

answer transcriptions(const call& asked) { return respond(asked, "transcribe"); }

answer translations(const call& asked) { return respond(asked, "translate"); }

}  // namespace refrain::mock::openai
