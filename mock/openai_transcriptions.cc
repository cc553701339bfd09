#include <fmt/format.h>

#include <boost/json.hpp>

#include "mock/form.h"
#include "mock/openai.h"
#include "mock/openai_logprobs.h"
#include "mock/proof.h"
#include "mock/renderer.h"
#include "mock/text.h"

namespace refrain::mock::openai {
namespace {

namespace json = boost::json;

using form = std::vector<form_field>;

constexpr std::size_t bytes_per_second = 16'000;
constexpr std::size_t tokens_per_second = 10;
constexpr std::size_t first_token_id = 50'364;

std::size_t seconds_of(const form& fields) { return 1 + form_text(fields, "file").size() / bytes_per_second; }

json::value usage_of(const renderer& render, const form& fields, std::size_t tokens) {
  const auto seconds = seconds_of(fields);
  if (form_text(fields, "model").starts_with("whisper")) {
    return render.fill("transcription.seconds", {{"seconds", seconds}});
  }
  const auto heard = seconds * tokens_per_second;
  return render.fill("transcription.tokens",
                     {{"input_tokens", heard}, {"output_tokens", tokens}, {"total_tokens", heard + tokens}});
}

answer verbose(const renderer& render, const form& fields, const std::string& text, std::string_view task) {
  json::array tokens;
  for (std::size_t i = 0; i < tokens_of(text).size(); ++i) tokens.push_back(first_token_id + i);
  const auto seconds = seconds_of(fields);
  return render.plain("transcription.verbose", {{"task", task},
                                                {"duration", static_cast<double>(seconds)},
                                                {"seconds", seconds},
                                                {"text", text},
                                                {"tokens", tokens}});
}

/// The text as one cue; SRT and WebVTT differ in the mark before the milliseconds.
std::string cue(const form& fields, char mark, std::string_view text) {
  const auto seconds = seconds_of(fields);
  return fmt::format("00:00:00{}000 --> {:02}:{:02}:{:02}{}000\n{}\n\n", mark, seconds / 3600, seconds / 60 % 60,
                     seconds % 60, mark, text);
}

answer text_answer(const renderer& render, std::string text) {
  return {.content_type = "text/plain; charset=utf-8", .headers = render.headers(), .pieces = {std::move(text)}};
}

answer streamed(const renderer& render, const call& asked, const form& fields, const std::string& text,
                bool with_logprobs) {
  const auto tokens = tokens_of(text);
  std::vector<std::string> events;
  for (const auto& token : tokens) {
    json::object values{{"delta", token}};
    if (with_logprobs) values["logprobs"] = token_logprobs(render, {token});
    events.push_back(render.event("transcription.delta", values));
  }
  if (!break_off(events, asked.wish, render.event("transcription.broken_off")) && !asked.wish.no_done) {
    json::object values{{"text", text}, {"usage", usage_of(render, fields, tokens.size())}};
    if (with_logprobs) values["logprobs"] = token_logprobs(render, tokens);
    events.push_back(render.event("transcription.done", values));
  }
  return render.stream(std::move(events));
}

answer respond(const call& asked, std::string_view task) {
  const renderer render(api, asked);
  const auto fields = read_form(asked.field("Content-Type"), asked.body);
  if (!fields) return render.refuse("no_form");
  for (const auto* const name : {"file", "model"}) {
    if (form_text(*fields, name).empty()) return render.refuse("no_field", {{"param", name}});
  }
  const auto text = answer_text(proof_of(*fields), form_text(*fields, "prompt"), asked.wish.text_bytes, 0);
  const bool transcribes = task == "transcribe";
  const bool with_logprobs = form_text(*fields, "include[]") == "logprobs";
  if (transcribes && form_text(*fields, "model") != "whisper-1" && form_text(*fields, "stream") == "true") {
    return streamed(render, asked, *fields, text, with_logprobs);
  }
  const auto format = form_text(*fields, "response_format");
  if (format == "text") return text_answer(render, text + "\n");
  if (format == "srt") return text_answer(render, "1\n" + cue(*fields, ',', text));
  if (format == "vtt") return text_answer(render, "WEBVTT\n\n" + cue(*fields, '.', text));
  if (format == "verbose_json") return verbose(render, *fields, text, task);
  json::object values{{"text", text}};
  if (with_logprobs) values["logprobs"] = token_logprobs(render, tokens_of(text));
  if (transcribes) values["usage"] = usage_of(render, *fields, tokens_of(text).size());
  return render.plain("transcription", values);
}

}  // namespace

answer transcriptions(const call& asked) { return respond(asked, "transcribe"); }

answer translations(const call& asked) { return respond(asked, "translate"); }

}  // namespace refrain::mock::openai
