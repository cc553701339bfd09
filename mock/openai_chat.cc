#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <utility>

#include "mock/json.h"
#include "mock/openai.h"
#include "mock/proof.h"
#include "mock/renderer.h"
#include "mock/routes.h"
#include "mock/text.h"
#include "mock/turn.h"

/// The endpoints whose answers are choices.
namespace refrain::mock {
namespace {

using openai::api;

constexpr std::int64_t most_choices = 128;

/// The tool to call; nothing where none is offered, none is wanted, or it is not the user who spoke last.
std::optional<offered_tool> tool_to_call(const json::value& request, const json::array& messages) {
  const auto& tools = list_of(member(request, "tools"));
  if (tools.empty() || string_member(messages.back(), "role") != "user") return std::nullopt;
  if (string_member(request, "tool_choice") == "none") return std::nullopt;
  const auto* wanted = find_in(request, "/tool_choice/function/name");
  const auto named = std::ranges::find_if(tools, [&](const json::value& tool) {
    const auto* name = find_in(tool, "/function/name");
    return wanted != nullptr && name != nullptr && *name == *wanted;
  });
  const auto& tool = named == tools.end() ? tools.front() : *named;
  return offered(member(tool, "function"), {"parameters"});
}

/// The content that `response_format` asks for, or an empty text where it asks for no JSON.
std::string json_content(const json::value& request, std::string_view proof) {
  const auto type = string_member(member(request, "response_format"), "type");
  if (type == "json_object") return json_for(nullptr, proof);
  if (type != "json_schema") return {};
  const auto* schema = find_in(request, "/response_format/json_schema/schema");
  return schema == nullptr ? "{}" : json_for(schema, proof);
}

question chat_question(const json::value& request, const json::array& messages, std::string_view proof) {
  const auto limit = limit_member(request, "max_completion_tokens");
  return {.proof = std::string(proof),
          .text = last_question(messages),
          .thinks = is_reasoner(string_member(request, "model")),
          .tool = tool_to_call(request, messages),
          .json = json_content(request, proof),
          .limit = limit ? limit : limit_member(request, "max_tokens"),
          .words = {.stop = "stop", .length = "length", .calls_tool = "tool_calls"}};
}

/// The prompts as texts; one of token ids is shown as JSON.
std::vector<std::string> prompts_of(const json::value& request) {
  const auto* prompt = member(request, "prompt");
  if (prompt == nullptr || prompt->is_null()) return {""};
  const auto shown = [](const json::value& one) {
    return one.is_string() ? std::string(one.get_string()) : json::serialize(one);
  };
  const auto& list = list_of(prompt);
  if (list.empty() || list.front().is_number()) return {shown(*prompt)};
  std::vector<std::string> texts;
  for (const auto& one : list) texts.push_back(shown(one));
  return texts;
}

/// Gathers the choices of an answer, and writes it in the form that is asked for.
class choices {
 public:
  choices(const call& asked, const json::value& request, std::string_view proof, bool logprobs)
      : asked_(asked), request_(request), logprobs_(logprobs) {
    values_ = {{"model", string_member(request, "model")},
               {"proof", proof},
               {"fingerprint", proof.substr(0, 10)},
               {"logprobs", logprobs},
               {"usage", !asked.how.no_usage},
               {"usage_in_stream", is_true(member(request, "stream_options"), "include_usage")}};
  }

  /// As many as the request wants. `first`: a token to begin with; null: none.
  void add(const question& what, const std::string* first = nullptr) {
    const auto count = std::clamp<std::int64_t>(count_member(request_, "n", 1), 1, most_choices);
    for (std::int64_t each = 0; each < count; ++each) {
      auto said = turn_for(what, asked_.how, list_.size());
      if (first != nullptr) said.text.insert(said.text.begin(), *first);
      tokens_ += said.tokens();
      thought_tokens_ += said.thoughts.size();
      list_.push_back(values_of(said, list_.size(), asked_.how, logprobs_));
    }
  }

  /// `name`: of the templates for an answer, for the pieces of its stream (".stream") and for an error within that
  /// (".broken_off").
  [[nodiscard]] answer write(renderer& render, const std::string& name, std::size_t prompt_tokens) {
    values_["choices"] = std::move(list_);
    values_["prompt_tokens"] = prompt_tokens;
    values_["completion_tokens"] = tokens_;
    values_["total_tokens"] = prompt_tokens + tokens_;
    values_["reasoning_tokens"] = thought_tokens_;
    render.set(values_);
    if (!is_true(request_, "stream")) return render.plain(name);
    auto events = render.pieces(stream_form::event, name + ".stream");
    break_off(events, asked_.how, render.piece(stream_form::event, name + ".broken_off"));
    if (!asked_.how.no_done) events.emplace_back("data: [DONE]\n\n");
    return render.stream(std::move(events));
  }

 private:
  const call& asked_;
  const json::value& request_;
  bool logprobs_;
  json::object values_;
  json::array list_;
  std::size_t tokens_ = 0;
  std::size_t thought_tokens_ = 0;
};

/// POST .../completions. `n`, a list of prompts, `echo`, `max_tokens`, `logprobs`, `stream_options.include_usage` do as
/// documented. Needs `model`.
answer completions(const call& asked) {
  renderer render(api, asked);
  const auto request = render.request({"model"});
  if (!request) return request.error();
  const auto proof = *proof_of(asked.body);
  choices said(asked, *request, proof, limit_member(*request, "logprobs").has_value());
  std::size_t prompt_tokens = 0;
  for (const auto& prompt : prompts_of(*request)) {
    prompt_tokens += token_estimate(prompt);
    said.add({.proof = proof,
              .text = prompt,
              .limit = limit_member(*request, "max_tokens"),
              .words = {.stop = "stop", .length = "length"}},
             is_true(*request, "echo") ? &prompt : nullptr);
  }
  return said.write(render, "completion", prompt_tokens);
}

constexpr route rows[] = {
    {"POST", "*/chat/completions", &api, openai::chat_completions},
    {"POST", "*/completions", &api, completions},
};

}  // namespace

answer openai::chat_completions(const call& asked) {
  renderer render(api, asked);
  const auto request = render.request({});
  if (!request) return request.error();
  const auto* given = member(*request, "messages");
  const auto& messages = list_of(given);
  if (string_member(*request, "model").empty()) return render.refuse("no_model");
  if (given == nullptr) return render.refuse("missing", {{"param", "messages"}});
  if (messages.empty()) return render.refuse("no_messages");

  const auto proof = *proof_of(asked.body);
  choices said(asked, *request, proof, is_true(*request, "logprobs"));
  said.add(chat_question(*request, messages, proof));
  auto prompt_tokens = tokens_of_messages(messages);
  if (const auto* tools = member(*request, "tools")) prompt_tokens += token_estimate(json::serialize(*tools));
  return said.write(render, "chat", prompt_tokens);
}

constinit const std::span<const route> openai_chat_routes{rows};

}  // namespace refrain::mock
