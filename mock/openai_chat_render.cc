#include "mock/openai_chat_render.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "mock/events.h"
#include "mock/openai.h"
#include "mock/text.h"

namespace refrain::mock::openai {
namespace {

namespace json = boost::json;

using tokens = std::vector<std::string>;

std::string joined(const tokens& parts) { return fmt::format("{}", fmt::join(parts, "")); }

/// The members that the object and each chunk of its stream have in common.
json::object frame(const chat_turn& turn, std::string_view kind, json::array choices) {
  return {{"id", turn.id},
          {"object", kind},
          {"created", turn.created},
          {"model", turn.model},
          {"choices", std::move(choices)},
          {"service_tier", "default"},
          {"system_fingerprint", turn.fingerprint}};
}

json::object usage_of(const chat_turn& turn) {
  return {{"prompt_tokens", turn.prompt_tokens},
          {"completion_tokens", turn.completion_tokens},
          {"total_tokens", turn.prompt_tokens + turn.completion_tokens},
          {"prompt_tokens_details", {{"cached_tokens", 0}, {"audio_tokens", 0}}},
          {"completion_tokens_details",
           {{"reasoning_tokens", turn.reasoning_tokens},
            {"audio_tokens", 0},
            {"accepted_prediction_tokens", 0},
            {"rejected_prediction_tokens", 0}}}};
}

json::value logprobs_of(const tokens& content) {
  json::array list;
  for (const auto& token : content) {
    json::array bytes;
    for (const char c : token) bytes.push_back(static_cast<unsigned char>(c));
    list.push_back({{"token", token}, {"logprob", -0.25}, {"bytes", bytes}, {"top_logprobs", json::array{}}});
  }
  return {{"content", list}, {"refusal", nullptr}};
}

json::object call_object(const tool_call& call, const std::string& arguments) {
  return {{"id", call.id}, {"type", "function"}, {"function", {{"name", call.name}, {"arguments", arguments}}}};
}

json::object message_of(const chat_choice& choice) {
  json::object message{{"role", "assistant"}, {"content", nullptr}, {"refusal", nullptr}};
  if (choice.tools.empty()) message["content"] = joined(choice.content);
  if (!choice.reasoning.empty()) message["reasoning_content"] = joined(choice.reasoning);
  if (!choice.tools.empty()) {
    json::array calls;
    for (const auto& one : choice.tools) calls.push_back(call_object(one, one.arguments));
    message["tool_calls"] = std::move(calls);
  }
  return message;
}

/// One step of a choice's stream.
struct step {
  json::object delta;
  tokens content{};  ///< what of the content is in it, for logprobs
};

/// The parts of `from`, `size` tokens each, as deltas of the member `name`.
void add_pieces(std::vector<step>& steps, std::string_view name, const tokens& from, std::size_t size) {
  for (std::size_t at = 0; at < from.size(); at += size) {
    const auto begin = from.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end = begin + static_cast<std::ptrdiff_t>(std::min(size, from.size() - at));
    const tokens piece(begin, end);
    steps.push_back({.delta = {{name, joined(piece)}}, .content = name == "content" ? piece : tokens{}});
  }
}

/// First the call with empty arguments, then the arguments piece by piece.
void add_call(std::vector<step>& steps, const tool_call& call, std::size_t index, std::size_t size) {
  auto opening = call_object(call, "");
  opening["index"] = index;
  steps.push_back({.delta = {{"tool_calls", json::array{opening}}}});
  for (const auto& piece : pieces_of(tokens_of(call.arguments), size)) {
    const json::object delta{{"index", index}, {"function", {{"arguments", piece}}}};
    steps.push_back({.delta = {{"tool_calls", json::array{delta}}}});
  }
}

std::vector<step> steps_of(const chat_choice& choice, std::size_t size) {
  json::object opening{{"role", "assistant"}, {"content", ""}, {"refusal", nullptr}};
  if (!choice.tools.empty()) opening["content"] = nullptr;
  std::vector<step> steps;
  steps.push_back({.delta = std::move(opening)});
  add_pieces(steps, "reasoning_content", choice.reasoning, size);
  add_pieces(steps, "content", choice.content, size);
  for (std::size_t index = 0; index < choice.tools.size(); ++index) add_call(steps, choice.tools[index], index, size);
  return steps;
}

/// A chunk with one choice. OpenAI says `"usage": null` on every chunk but the last once usage is asked for.
std::string chunk(const chat_turn& turn, std::size_t index, step part, json::value finish) {
  json::object choice{
      {"index", index}, {"delta", std::move(part.delta)}, {"logprobs", nullptr}, {"finish_reason", std::move(finish)}};
  if (turn.logprobs && !part.content.empty()) choice["logprobs"] = logprobs_of(part.content);
  auto object = frame(turn, "chat.completion.chunk", json::array{std::move(choice)});
  if (turn.usage_in_stream) object["usage"] = nullptr;
  return data_event(object);
}

/// The chunks that carry the answer, the choices taking turns, then one finish reason each.
std::vector<std::string> answer_events(const chat_turn& turn, std::size_t size) {
  std::vector<std::vector<step>> waiting;
  std::size_t longest = 0;
  for (const auto& choice : turn.choices) {
    waiting.push_back(steps_of(choice, size));
    longest = std::max(longest, waiting.back().size());
  }
  std::vector<std::string> events;
  for (std::size_t at = 0; at < longest; ++at) {
    for (std::size_t index = 0; index < waiting.size(); ++index) {
      if (at < waiting[index].size()) events.push_back(chunk(turn, index, std::move(waiting[index][at]), nullptr));
    }
  }
  for (std::size_t index = 0; index < waiting.size(); ++index) {
    events.push_back(chunk(turn, index, {}, json::string(turn.choices[index].finish)));
  }
  return events;
}

}  // namespace

std::string plain_body(const chat_turn& turn) {
  json::array choices;
  for (std::size_t index = 0; index < turn.choices.size(); ++index) {
    const auto& choice = turn.choices[index];
    choices.push_back({{"index", index},
                       {"message", message_of(choice)},
                       {"logprobs", turn.logprobs ? logprobs_of(choice.content) : json::value(nullptr)},
                       {"finish_reason", choice.finish}});
  }
  auto object = frame(turn, "chat.completion", std::move(choices));
  if (turn.usage) object["usage"] = usage_of(turn);
  return json::serialize(object);
}

std::vector<std::string> stream_events(const chat_turn& turn, const behaviour& wish) {
  auto events = answer_events(turn, wish.tokens_per_chunk);
  if (turn.usage_in_stream && turn.usage) {
    auto last = frame(turn, "chat.completion.chunk", {});
    last["usage"] = usage_of(turn);
    events.push_back(data_event(last));
  }
  break_off(events, wish.error_event, broken_off_event());
  if (!wish.no_done) events.emplace_back("data: [DONE]\n\n");
  return events;
}

}  // namespace refrain::mock::openai
