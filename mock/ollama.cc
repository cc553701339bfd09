#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "mock/json.h"
#include "mock/proof.h"
#include "mock/renderer.h"
#include "mock/routes.h"
#include "mock/text.h"
#include "mock/turn.h"

/// Speaks as Ollama's own API does.
namespace refrain::mock {
namespace {

/// Errors are {"error": message}. Clients of its cloud show a key; a server at home wants none.
constexpr provider api{.name = "ollama",
                       .keys = {"Authorization: Bearer"},
                       .json_type = "application/json; charset=utf-8",
                       .stream_type = "application/x-ndjson"};

constexpr std::size_t tokens_of_call = 5;

/// The prompt, or the last message where it is the user's.
std::string question_of(const json::value& request) {
  const auto& messages = list_of(member(request, "messages"));
  if (messages.empty()) return std::string(string_member(request, "prompt"));
  const auto& last = messages.back();
  return std::string(string_member(last, "role") == "user" ? string_member(last, "content") : "");
}

std::optional<offered_tool> tool_to_call(const json::value& request) {
  const auto& tools = list_of(member(request, "tools"));
  const auto* function = tools.empty() ? nullptr : member(tools.front(), "function");
  return function == nullptr ? std::nullopt : std::optional(offered(function, {"parameters"}));
}

/// The text that `format` asks for; empty where it asks for none.
std::string json_content(const json::value& request, std::string_view proof) {
  const auto* format = member(request, "format");
  if (format == nullptr || (format->is_string() && *format != "json")) return {};
  return json_for(format->is_object() ? format : nullptr, proof);
}

question read_question(const json::value& request, const behaviour& how) {
  auto keyed = request.get_object();
  keyed.erase("keep_alive");
  const auto proof = proof_of_members(std::move(keyed));
  const auto* think = member(request, "think");
  const auto text = question_of(request);
  return {.proof = proof,
          .text = text,
          .thinks = think != nullptr && (think->is_string() || is_true(request, "think")),
          .tool = text.empty() || how.tool_calls == 0 ? std::nullopt : tool_to_call(request),
          .json = json_content(request, proof),
          .limit = limit_member(member(request, "options"), "num_predict"),
          .words = {.stop = "stop", .length = "length", .calls_tool = "stop"}};
}

std::string time_of(const call& asked) {
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(asked.at.time_since_epoch()).count();
  return fmt::format("{:%FT%T}.{:06}Z", fmt::gmtime(static_cast<std::time_t>(micros / 1'000'000)), micros % 1'000'000);
}

/// POST /api/chat and /api/generate: lines of JSON unless `stream` is false. The text follows from the proof (proof.h)
/// of the body without `keep_alive`, so the two forms of one request say the same; the times are new in each answer.
///
/// - `tools` and a last message from the user: a call of the first tool, with arguments that fit its schema.
///   `x-mock-tools` sets how many.
/// - `think`: thoughts come first.
/// - `format`: JSON, that fits the schema where it is one.
/// - `options.num_predict` cuts.
/// - no messages, or no prompt: the model is loaded, or unloaded by `keep_alive: 0`.
///
/// 400: the body is not a JSON object, or `model` is missing.
answer chat_or_generate(const call& asked) {
  renderer render(api, asked);
  const auto request = render.request({"model"}, need::text);
  if (!request) return request.error();
  const std::string_view endpoint = asked.path().ends_with("/chat") ? "chat" : "generate";  // its template
  render.set({{"endpoint", endpoint}, {"model", string_member(*request, "model")}, {"created_at", time_of(asked)}});
  const bool asks_nothing =
      endpoint == "chat" ? list_of(member(*request, "messages")).empty() : string_member(*request, "prompt").empty();
  if (asks_nothing) {
    return render.plain("loaded", {{"reason", count_member(*request, "keep_alive", 1) == 0 ? "unload" : "load"}});
  }
  const auto what = read_question(*request, asked.how);
  const auto said = turn_for(what, asked.how);
  const auto tokens = said.thoughts.size() + said.text.size() + tokens_of_call * said.calls.size();
  const auto base = 1'000'000 + asked.number;  // of the durations, in nanoseconds
  render.set(values_of(said, 0, asked.how));
  render.set({{"proof8", what.proof.substr(0, 8)},
              {"usage", !asked.how.no_usage},
              {"prompt_tokens", token_estimate(what.text) + 3},
              {"tokens", tokens},
              {"total_duration", 9 * base},
              {"load_duration", base},
              {"prompt_duration", 3 * base},
              {"duration", 5 * base}});
  const auto* stream = member(*request, "stream");
  if (stream != nullptr && *stream == false) return render.plain("whole");
  auto lines = render.pieces(stream_form::line, "stream");
  if (!asked.how.no_done) lines.push_back(render.piece(stream_form::line, "last"));
  break_off(lines, asked.how, render.piece(stream_form::line, "broken_off"));
  return render.stream(std::move(lines));
}

/// The texts, without an only one that is empty.
json::array texts_of(const json::value* input) {
  if (input == nullptr || input->is_array()) return list_of(input);
  return *input == "" ? json::array{} : json::array{*input};
}

json::array numbers(const json::value& text, std::string_view model, std::int64_t dimensions = 8) {
  const auto vector = embedding_of(text, model, dimensions);
  return json::array(vector.begin(), vector.end());
}

/// POST /api/embed: a vector for each text of `input`, of `dimensions` numbers or 8; none for no text. 400: the body is
/// not a JSON object, or names no model.
answer embed(const call& asked) {
  const renderer render(api, asked);
  const auto request = render.request({"model"}, need::text);
  if (!request) return render.refuse("missing");
  const auto model = string_member(*request, "model");
  const auto dimensions = std::clamp<std::int64_t>(count_member(*request, "dimensions", 8), 1, 4096);
  json::array vectors;
  std::size_t tokens = 0;
  for (const auto& text : texts_of(member(*request, "input"))) {
    vectors.push_back(numbers(text, model, dimensions));
    tokens += token_estimate(json::serialize(text));
  }
  vectors.resize(vectors.size() - std::min(vectors.size(), asked.how.items_missing));
  json::object values{{"model", model},
                      {"embeddings", std::move(vectors)},
                      {"total_duration", 14'000'000 + asked.number},
                      {"load_duration", 1'000'000 + asked.number}};
  if (!asked.how.no_usage) values["tokens"] = tokens;
  return render.plain("embed", values);
}

/// POST /api/embeddings: one vector for `prompt`.
answer embeddings(const call& asked) {
  const renderer render(api, asked);
  const auto request = render.request({"model"}, need::text);
  if (!request) return render.refuse("missing");
  const auto* prompt = member(*request, "prompt");
  const bool empty = prompt == nullptr || *prompt == "";
  return render.plain("embeddings",
                      {{"embedding", empty ? json::array{} : numbers(*prompt, string_member(*request, "model"))}});
}

constexpr route rows[] = {
    {"POST", "*/api/chat", &api, chat_or_generate},
    {"POST", "*/api/generate", &api, chat_or_generate},
    {"POST", "*/api/embed", &api, embed},
    {"POST", "*/api/embeddings", &api, embeddings},
    fixed("*/api/tags", api, "tags"),
    fixed("*/api/version", api, "version"),
};

}  // namespace

constinit const std::span<const route> ollama_routes{rows};

}  // namespace refrain::mock
