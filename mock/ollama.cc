#include "mock/ollama.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "mock/embedding_vector.h"
#include "mock/json.h"
#include "mock/proof.h"
#include "mock/renderer.h"
#include "mock/text.h"
#include "mock/turn.h"

namespace refrain::mock::ollama {
namespace {

namespace json = boost::json;

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
  if (function == nullptr) return std::nullopt;
  const auto* schema = member(function, "parameters");
  return offered_tool{.name = std::string(string_member(function, "name")),
                      .schema = schema == nullptr ? json::object{} : *schema};
}

/// The text that `format` asks for; empty where it asks for none.
std::string json_content(const json::value& request, std::string_view proof) {
  const auto* format = member(request, "format");
  if (format == nullptr || (format->is_string() && *format != "json")) return {};
  return json_for(format->is_object() ? format : nullptr, proof);
}

question read_question(const json::value& request, const behaviour& wish) {
  auto keyed = request.get_object();
  keyed.erase("keep_alive");
  const auto proof = proof_of_members(std::move(keyed));
  const auto* think = member(request, "think");
  const auto text = question_of(request);
  return {.proof = proof,
          .text = text,
          .thinks = think != nullptr && (think->is_string() || is_true(request, "think")),
          .tool = text.empty() || wish.tool_calls == 0 ? std::nullopt : tool_to_call(request),
          .json = json_content(request, proof),
          .limit = limit_member(member(request, "options"), "num_predict"),
          .words = {.stop = "stop", .length = "length", .calls_tool = "stop"}};
}

std::string time_of(const call& asked) {
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(asked.at.time_since_epoch()).count();
  return fmt::format("{:%FT%T}.{:06}Z", fmt::gmtime(static_cast<std::time_t>(micros / 1'000'000)), micros % 1'000'000);
}

/// What an answer ends with, the last line of a stream included.
json::object last_values(const question& put, const turn& said, const call& asked) {
  const auto tokens = said.thoughts.size() + said.text.size() + tokens_of_call * said.calls.size();
  const auto base = 1'000'000 + asked.number;
  json::object values{{"done", true},
                      {"done_reason", said.finish},
                      {"context", json::array{1, 2, tokens}},
                      {"total_duration", 9 * base},
                      {"load_duration", base}};
  if (asked.wish.no_usage) return values;
  values["prompt_tokens"] = token_estimate(put.text) + 3;
  values["prompt_duration"] = 3 * base;
  values["tokens"] = tokens;
  values["duration"] = 5 * base;
  return values;
}

json::array calls_of(const renderer& render, const question& put, const turn& said) {
  json::array calls;
  for (std::size_t index = 0; index < said.calls.size(); ++index) {
    calls.push_back(render.fill("call", {{"id", fmt::format("call_{}{:02x}", put.proof.substr(0, 8), index)},
                                         {"index", index},
                                         {"name", said.calls[index].name},
                                         {"arguments", said.calls[index].arguments}}));
  }
  return calls;
}

answer streamed(const renderer& render, std::string_view name, const turn& said, const json::array& calls,
                const json::object& last, const behaviour& wish) {
  std::vector<std::string> lines;
  for (const auto& piece : pieces_of(said.thoughts, wish.tokens_per_chunk)) {
    lines.push_back(render.line(name, {{"thinking", piece}}));
  }
  for (const auto& piece : pieces_of(said.text, wish.tokens_per_chunk)) {
    lines.push_back(render.line(name, {{"text", piece}}));
  }
  for (const auto& one : calls) lines.push_back(render.line(name, {{"calls", json::array{one}}}));
  if (!wish.no_done) lines.push_back(render.line(name, last));
  break_off(lines, wish, render.line("broken_off"));
  return render.stream(std::move(lines));
}

/// `name`: of the template.
answer respond(const call& asked, std::string_view name) {
  renderer render(api, asked);
  const auto request = render.request({"model"}, need::text);
  if (!request) return request.error();
  render.set(
      {{"model", string_member(*request, "model")}, {"created_at", time_of(asked)}, {"text", ""}, {"done", false}});
  const bool asks_nothing =
      name == "chat" ? list_of(member(*request, "messages")).empty() : string_member(*request, "prompt").empty();
  if (asks_nothing) {
    const auto* reason = count_member(*request, "keep_alive", 1) == 0 ? "unload" : "load";
    return render.plain(name, {{"done", true}, {"done_reason", reason}});
  }
  const auto put = read_question(*request, asked.wish);
  const auto said = turn_for(put, asked.wish);
  const auto calls = calls_of(render, put, said);
  auto last = last_values(put, said, asked);
  const auto* stream = member(*request, "stream");
  if (stream == nullptr || *stream != false) return streamed(render, name, said, calls, last, asked.wish);
  last["text"] = joined(said.text);
  if (!said.thoughts.empty()) last["thinking"] = joined(said.thoughts);
  if (!calls.empty()) last["calls"] = calls;
  return render.plain(name, last);
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

}  // namespace

answer chat(const call& asked) { return respond(asked, "chat"); }

answer generate(const call& asked) { return respond(asked, "generate"); }

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
  vectors.resize(vectors.size() - std::min(vectors.size(), asked.wish.items_missing));
  json::object values{{"model", model},
                      {"embeddings", std::move(vectors)},
                      {"total_duration", 14'000'000 + asked.number},
                      {"load_duration", 1'000'000 + asked.number}};
  if (!asked.wish.no_usage) values["tokens"] = tokens;
  return render.plain("embed", values);
}

answer embeddings(const call& asked) {
  const renderer render(api, asked);
  const auto request = render.request({"model"}, need::text);
  if (!request) return render.refuse("missing");
  const auto* prompt = member(*request, "prompt");
  const bool empty = prompt == nullptr || *prompt == "";
  return render.plain("embeddings",
                      {{"embedding", empty ? json::array{} : numbers(*prompt, string_member(*request, "model"))}});
}

answer list_models(const call& asked) { return renderer(api, asked).plain("tags"); }

answer version(const call& asked) { return renderer(api, asked).plain("version"); }

}  // namespace refrain::mock::ollama
