#include "mock/openai_chat_turn.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "mock/conversation.h"
#include "mock/json.h"
#include "mock/schema_sample.h"
#include "mock/text.h"

namespace refrain::mock::openai {
namespace {

namespace json = boost::json;

constexpr std::int64_t most_choices = 128;

const json::array& messages_of(const json::value& request) { return member(request, "messages")->get_array(); }

/// The tool to call, or null: none is offered, none is wanted, or it is not the user who spoke last.
const json::value* tool_to_call(const json::value& request) {
  const auto* tools = member(request, "tools");
  if (tools == nullptr || !tools->is_array() || tools->get_array().empty()) return nullptr;
  if (string_member(messages_of(request).back(), "role") != "user") return nullptr;
  if (string_member(request, "tool_choice") == "none") return nullptr;

  if (const auto* choice = member(request, "tool_choice")) {
    if (const auto* function = member(*choice, "function")) {
      const auto wanted = string_member(*function, "name");
      for (const auto& tool : tools->get_array()) {
        const auto* offered = member(tool, "function");
        if (offered != nullptr && string_member(*offered, "name") == wanted) return &tool;
      }
    }
  }
  return &tools->get_array().front();
}

std::vector<tool_call> calls_of(const json::value& tool, std::string_view proof, std::size_t count,
                                std::size_t choice) {
  static const json::value nothing = json::object{};
  const auto* function = member(tool, "function");
  if (function == nullptr) function = &nothing;
  const auto* parameters = member(*function, "parameters");
  if (parameters == nullptr) parameters = &nothing;

  std::vector<tool_call> calls;
  for (std::size_t index = 0; index < count; ++index) {
    calls.push_back({.id = fmt::format("call_{}{:04x}{:04x}", proof, choice, index),
                     .name = std::string(string_member(*function, "name")),
                     .arguments = json::serialize(sample_of(*parameters, fmt::format("proof:{}", proof)))});
  }
  return calls;
}

/// The content that `response_format` asks for, or an empty text where it asks for no JSON.
std::string json_content(const json::value& request, std::string_view proof) {
  const auto* format = member(request, "response_format");
  if (format == nullptr) return {};
  const auto type = string_member(*format, "type");
  const auto word = fmt::format("proof:{}", proof);
  if (type == "json_object") return json::serialize(json::object{{"answer", word}});
  if (type != "json_schema") return {};
  const auto* wrapper = member(*format, "json_schema");
  const auto* schema = wrapper == nullptr ? nullptr : member(*wrapper, "schema");
  return schema == nullptr ? std::string("{}") : json::serialize(sample_of(*schema, word));
}

/// Leaves at most `limit` tokens of the choice and says so in its finish reason.
void cut(chat_choice& choice, std::size_t limit) {
  if (choice.reasoning.size() + choice.content.size() <= limit) return;
  choice.reasoning.resize(std::min(choice.reasoning.size(), limit));
  choice.content.resize(std::min(choice.content.size(), limit - choice.reasoning.size()));
  choice.finish = "length";
}

chat_choice choice_for(const json::value& request, std::string_view proof, const call& asked, std::size_t index) {
  chat_choice choice{.reasoning = {}, .content = {}, .tools = {}, .finish = "stop"};
  const auto question = last_question(request);
  if (string_member(request, "model").find("reason") != std::string_view::npos) {
    choice.reasoning = tokens_of(reasoning_text(proof, question));
  }
  if (const auto* tool = tool_to_call(request)) {
    choice.tools = calls_of(*tool, proof, asked.wish.tool_calls, index);
    choice.finish = "tool_calls";
  } else {
    const auto formatted = json_content(request, proof);
    choice.content =
        tokens_of(formatted.empty() ? answer_text(proof, question, asked.wish.text_bytes, index) : formatted);
  }
  const auto limit = count_member(request, "max_completion_tokens", count_member(request, "max_tokens", -1));
  if (limit >= 0) cut(choice, static_cast<std::size_t>(limit));
  if (!asked.wish.finish.empty()) choice.finish = asked.wish.finish;
  return choice;
}

std::size_t prompt_tokens(const json::value& request) {
  std::size_t tokens = 3;
  for (const auto& message : messages_of(request)) tokens += 3 + token_estimate(text_of(message));
  if (const auto* tools = member(request, "tools")) tokens += token_estimate(json::serialize(*tools));
  return tokens;
}

std::size_t completion_tokens(const chat_choice& choice) {
  auto tokens = choice.reasoning.size() + choice.content.size();
  for (const auto& one : choice.tools) tokens += token_estimate(one.name) + token_estimate(one.arguments);
  return tokens;
}

}  // namespace

chat_turn turn_for(const json::value& request, std::string_view proof, const call& asked) {
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(asked.at);
  chat_turn turn{.id = fmt::format("chatcmpl-{}", asked.unique()),
                 .model = std::string(string_member(request, "model")),
                 .fingerprint = fmt::format("fp_{}", proof.substr(0, 10)),
                 .created = now.time_since_epoch().count(),
                 .choices = {},
                 .prompt_tokens = prompt_tokens(request),
                 .logprobs = is_true(request, "logprobs"),
                 .usage = !asked.wish.no_usage};
  if (const auto* stream_options = member(request, "stream_options")) {
    turn.usage_in_stream = is_true(*stream_options, "include_usage");
  }
  const auto count = std::clamp<std::int64_t>(count_member(request, "n", 1), 1, most_choices);
  for (std::size_t index = 0; index < static_cast<std::size_t>(count); ++index) {
    turn.choices.push_back(choice_for(request, proof, asked, index));
    turn.completion_tokens += completion_tokens(turn.choices.back());
    turn.reasoning_tokens += turn.choices.back().reasoning.size();
  }
  return turn;
}

}  // namespace refrain::mock::openai
