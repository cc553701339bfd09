#include "mock/anthropic_turn.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "mock/conversation.h"
#include "mock/json.h"
#include "mock/schema_sample.h"
#include "mock/text.h"

namespace refrain::mock::anthropic {
namespace {

namespace json = boost::json;

const json::array& messages_of(const json::value& request) { return member(request, "messages")->get_array(); }

bool holds_tool_result(const json::value& message) {
  const auto* content = member(message, "content");
  const auto* parts = content == nullptr ? nullptr : content->if_array();
  return parts != nullptr &&
         std::ranges::any_of(*parts, [](const auto& part) { return string_member(part, "type") == "tool_result"; });
}

/// The tool to use, or null: none is offered, none is wanted, or it is not the user who spoke last.
const json::value* tool_to_use(const json::value& request) {
  const auto* tools = member(request, "tools");
  if (tools == nullptr || !tools->is_array() || tools->get_array().empty()) return nullptr;
  const auto& last = messages_of(request).back();
  if (string_member(last, "role") != "user" || holds_tool_result(last)) return nullptr;

  if (const auto* choice = member(request, "tool_choice")) {
    if (string_member(*choice, "type") == "none") return nullptr;
    const auto wanted = string_member(*choice, "name");
    for (const auto& tool : tools->get_array()) {
      if (!wanted.empty() && string_member(tool, "name") == wanted) return &tool;
    }
  }
  return &tools->get_array().front();
}

std::vector<tool_use> uses_of(const json::value& tool, std::string_view proof, std::size_t count) {
  static const json::value nothing = json::object{};
  const auto* schema = member(tool, "input_schema");
  const auto input = sample_of(schema == nullptr ? nothing : *schema, fmt::format("proof:{}", proof));
  std::vector<tool_use> uses;
  for (std::size_t index = 0; index < count; ++index) {
    uses.push_back({.id = fmt::format("toolu_{}{:04x}", proof, index),
                    .name = std::string(string_member(tool, "name")),
                    .input = input});
  }
  return uses;
}

bool thinks(const json::value& request) {
  if (string_member(request, "model").find("reason") != std::string_view::npos) return true;
  const auto* thinking = member(request, "thinking");
  if (thinking == nullptr) return false;
  const auto type = string_member(*thinking, "type");
  return type == "enabled" || type == "adaptive";
}

/// The text that `output_config.format` asks for, or an empty one where it asks for no JSON.
std::string json_text(const json::value& request, std::string_view proof) {
  const auto* output = member(request, "output_config");
  const auto* format = output == nullptr ? nullptr : member(*output, "format");
  const auto* schema = format == nullptr ? nullptr : member(*format, "schema");
  return schema == nullptr ? std::string{} : json::serialize(sample_of(*schema, fmt::format("proof:{}", proof)));
}

/// Leaves at most `limit` tokens and says so in the reason to stop.
void cut(message_turn& turn, std::size_t limit) {
  if (turn.thinking.size() + turn.text.size() <= limit) return;
  turn.thinking.resize(std::min(turn.thinking.size(), limit));
  turn.text.resize(std::min(turn.text.size(), limit - turn.thinking.size()));
  turn.stop_reason = "max_tokens";
}

std::size_t output_tokens(const message_turn& turn) {
  auto tokens = turn.thinking.size() + turn.text.size();
  for (const auto& one : turn.tools) tokens += token_estimate(one.name) + token_estimate(json::serialize(one.input));
  return tokens;
}

}  // namespace

message_turn turn_for(const json::value& request, std::string_view proof, const call& asked) {
  const auto question = last_question(request);
  message_turn turn{.id = fmt::format("msg_{}", asked.unique()), .model = std::string(string_member(request, "model"))};
  if (thinks(request)) {
    turn.thinking = tokens_of(reasoning_text(proof, question));
    turn.signature = fmt::format("EqMock{}==", proof);
  }
  if (const auto* tool = tool_to_use(request)) {
    turn.tools = uses_of(*tool, proof, asked.wish.tool_calls);
    turn.stop_reason = "tool_use";
  } else {
    const auto formatted = json_text(request, proof);
    turn.text = tokens_of(formatted.empty() ? answer_text(proof, question, asked.wish.text_bytes, 0) : formatted);
  }
  const auto limit = count_member(request, "max_tokens", -1);
  if (limit >= 0) cut(turn, static_cast<std::size_t>(limit));
  if (!asked.wish.finish.empty()) turn.stop_reason = asked.wish.finish;
  turn.input_tokens = input_tokens(request);
  turn.output_tokens = output_tokens(turn);
  turn.usage = !asked.wish.no_usage;
  return turn;
}

std::size_t input_tokens(const json::value& request) {
  std::size_t tokens = 3;
  for (const auto& message : messages_of(request)) tokens += 3 + token_estimate(text_of(message));
  for (const auto* const name : {"system", "tools"}) {
    if (const auto* more = member(request, name)) tokens += token_estimate(json::serialize(*more));
  }
  return tokens;
}

}  // namespace refrain::mock::anthropic
