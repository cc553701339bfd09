#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "mock/json.h"
#include "mock/openai.h"
#include "mock/openai_logprobs.h"
#include "mock/proof.h"
#include "mock/renderer.h"
#include "mock/text.h"
#include "mock/turn.h"

namespace refrain::mock::openai {
namespace {

namespace json = boost::json;

constexpr std::int64_t most_choices = 128;

/// The tool to call; nothing where none is offered, none is wanted, or it is not the user who spoke last.
std::optional<offered_tool> tool_to_call(const json::value& request, const json::array& messages) {
  const auto& tools = list_of(member(request, "tools"));
  if (tools.empty() || string_member(messages.back(), "role") != "user") return std::nullopt;
  if (string_member(request, "tool_choice") == "none") return std::nullopt;
  const auto* chosen = &tools.front();
  if (const auto* named = find_in(request, "/tool_choice/function/name")) {
    for (const auto& tool : tools) {
      const auto* name = find_in(tool, "/function/name");
      if (name == nullptr || *name != *named) continue;
      chosen = &tool;
      break;
    }
  }
  const auto* schema = find_in(*chosen, "/function/parameters");
  return offered_tool{.name = std::string(string_member(member(*chosen, "function"), "name")),
                      .schema = schema == nullptr ? json::object{} : *schema};
}

/// The content that `response_format` asks for, or an empty text where it asks for no JSON.
std::string json_content(const json::value& request, std::string_view proof) {
  const auto type = string_member(member(request, "response_format"), "type");
  if (type == "json_object") return json_for(nullptr, proof);
  if (type != "json_schema") return {};
  const auto* schema = find_in(request, "/response_format/json_schema/schema");
  return schema == nullptr ? "{}" : json_for(schema, proof);
}

question question_of(const json::value& request, const json::array& messages, std::string proof) {
  auto limit = limit_member(request, "max_completion_tokens");
  if (!limit) limit = limit_member(request, "max_tokens");
  return {.proof = proof,
          .text = last_question(messages),
          .thinks = is_reasoner(string_member(request, "model")),
          .tool = tool_to_call(request, messages),
          .json = json_content(request, proof),
          .limit = limit,
          .words = {.stop = "stop", .length = "length", .calls_tool = "tool_calls"}};
}

json::value logprobs_of(const renderer& render, const std::vector<std::string>& tokens) {
  return {{"content", token_logprobs(render, tokens, {{"alternatives", json::array{}}})}, {"refusal", nullptr}};
}

/// Writes what is said, in either form.
class conversation {
 public:
  conversation(const renderer& render, const call& asked, const json::value& request, std::string_view proof)
      : render_(render), wish_(asked.wish), logprobs_(is_true(request, "logprobs")), proof_(proof) {
    if (is_true(member(request, "stream_options"), "include_usage")) usage_in_stream_ = true;
    const auto& messages = list_of(member(request, "messages"));
    prompt_tokens_ = tokens_of_messages(messages);
    if (const auto* tools = member(request, "tools")) prompt_tokens_ += token_estimate(json::serialize(*tools));

    const auto question = question_of(request, messages, proof_);
    const auto count = std::clamp<std::int64_t>(count_member(request, "n", 1), 1, most_choices);
    for (std::int64_t index = 0; index < count; ++index) {
      choices_.push_back(turn_for(question, wish_, static_cast<std::size_t>(index)));
    }
  }

  [[nodiscard]] answer plain() const {
    json::array choices;
    for (const auto& said : choices_) {
      json::object values{{"index", choices.size()}, {"finish", said.finish}};
      if (logprobs_) values["logprobs"] = logprobs_of(render_, said.text);
      if (!said.thoughts.empty()) values["reasoning"] = joined(said.thoughts);
      if (said.calls.empty()) {
        values["content"] = joined(said.text);
      } else {
        json::array calls;
        for (std::size_t at = 0; at < said.calls.size(); ++at) {
          calls.push_back(call_object(said, choices.size(), at, json::serialize(said.calls[at].arguments)));
        }
        values["calls"] = std::move(calls);
      }
      choices.push_back(render_.fill("chat.choice", values));
    }
    json::object values{{"object", "chat.completion"}, {"choices", std::move(choices)}};
    if (!wish_.no_usage) values["usage"] = usage();
    return render_.plain("chat", values);
  }

  /// Role, reasoning, content or tool calls, the choices taking turns; finish reasons; usage if asked; `[DONE]`.
  [[nodiscard]] answer stream() const {
    std::vector<std::vector<json::object>> waiting;
    std::size_t longest = 0;
    for (std::size_t index = 0; index < choices_.size(); ++index) {
      waiting.push_back(steps_of(choices_[index], index));
      longest = std::max(longest, waiting.back().size());
    }
    std::vector<std::string> events;
    for (std::size_t at = 0; at < longest; ++at) {
      for (std::size_t index = 0; index < waiting.size(); ++index) {
        if (at < waiting[index].size()) events.push_back(chunk(index, std::move(waiting[index][at])));
      }
    }
    for (std::size_t index = 0; index < choices_.size(); ++index) {
      events.push_back(chunk(index, {{"delta", json::object{}}, {"finish", choices_[index].finish}}));
    }
    if (usage_in_stream_ && !wish_.no_usage) events.push_back(frame({}, usage()));
    break_off(events, wish_, render_.event("broken_off"));
    if (!wish_.no_done) events.emplace_back("data: [DONE]\n\n");
    return render_.stream(std::move(events));
  }

 private:
  /// The call with these arguments; in a stream it tells its place among the choice's calls.
  [[nodiscard]] json::value call_object(const turn& said, std::size_t choice, std::size_t at,
                                        std::string_view arguments, bool streamed = false) const {
    json::object values{{"id", fmt::format("call_{}{:04x}{:04x}", proof_, choice, at)},
                        {"name", said.calls[at].name},
                        {"arguments", arguments}};
    if (streamed) values["index"] = at;
    return render_.fill("chat.call", values);
  }

  /// What the chunks of a choice hold, one after the other. A call comes with empty arguments first, then they follow
  /// piece by piece.
  [[nodiscard]] std::vector<json::object> steps_of(const turn& said, std::size_t choice) const {
    const auto size = wish_.tokens_per_chunk;
    const auto content = said.calls.empty() ? json::value("") : json::value(nullptr);
    std::vector<json::object> steps{{{"delta", render_.fill("chat.opening", {{"content", content}})}}};
    for (const auto& piece : pieces_of(said.thoughts, size))
      steps.push_back({{"delta", {{"reasoning_content", piece}}}});
    for (const auto& group : groups_of(said.text, size)) {
      steps.push_back({{"delta", {{"content", joined(group)}}}});
      if (logprobs_) steps.back()["logprobs"] = logprobs_of(render_, group);
    }
    const auto add_call = [&](json::value part) {
      steps.push_back({{"delta", {{"tool_calls", json::array{std::move(part)}}}}});
    };
    for (std::size_t at = 0; at < said.calls.size(); ++at) {
      add_call(call_object(said, choice, at, "", true));
      for (const auto& piece : pieces_of(tokens_of(json::serialize(said.calls[at].arguments)), size)) {
        add_call({{"index", at}, {"function", {{"arguments", piece}}}});
      }
    }
    return steps;
  }

  [[nodiscard]] std::string chunk(std::size_t index, json::object values) const {
    values["index"] = index;
    return frame({render_.fill("chat.chunk", values)}, nullptr);
  }

  /// OpenAI says `"usage": null` on every chunk but the last once usage is asked for.
  [[nodiscard]] std::string frame(json::array choices, json::value usage) const {
    json::object values{{"object", "chat.completion.chunk"}, {"choices", std::move(choices)}};
    if (usage_in_stream_) values["usage"] = std::move(usage);
    return render_.event("chat", values);
  }

  [[nodiscard]] json::value usage() const {
    std::size_t tokens = 0, thought = 0;
    for (const auto& said : choices_) {
      tokens += said.tokens();
      thought += said.thoughts.size();
    }
    return render_.fill("chat.usage", {{"prompt_tokens", prompt_tokens_},
                                       {"completion_tokens", tokens},
                                       {"total_tokens", prompt_tokens_ + tokens},
                                       {"reasoning_tokens", thought}});
  }

  const renderer& render_;
  const behaviour& wish_;
  bool logprobs_;
  std::string proof_;
  bool usage_in_stream_ = false;
  std::size_t prompt_tokens_ = 0;
  std::vector<turn> choices_;
};

}  // namespace

answer chat_completions(const call& asked) {
  renderer render(api, asked);
  const auto request = parse_json(asked.body);
  if (!request || !request->is_object()) return render.refuse("no_object");
  const auto model = string_member(*request, "model");
  const auto* messages = member(*request, "messages");
  if (model.empty()) return render.refuse("no_model");
  if (messages == nullptr) return render.refuse("missing", {{"param", "messages"}});
  if (list_of(messages).empty()) return render.refuse("no_messages");

  const auto proof = *proof_of(asked.body);
  render.set({{"model", model}, {"fingerprint", fmt::format("fp_{}", proof.substr(0, 10))}});
  const conversation said(render, asked, *request, proof);
  return is_true(*request, "stream") ? said.stream() : said.plain();
}

}  // namespace refrain::mock::openai
