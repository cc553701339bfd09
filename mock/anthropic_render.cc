#include "mock/anthropic_render.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "mock/text.h"

namespace refrain::mock::anthropic {
namespace {

namespace json = boost::json;

/// A block of the content: as it is in the end, as it starts in a stream, and what comes between.
struct block {
  json::object whole;
  json::object start;
  std::vector<json::object> deltas{};
};

std::string joined(const std::vector<std::string>& tokens) { return fmt::format("{}", fmt::join(tokens, "")); }

block thinking_block(const message_turn& turn, std::size_t size) {
  block made{.whole = {{"type", "thinking"}, {"thinking", joined(turn.thinking)}, {"signature", turn.signature}},
             .start = {{"type", "thinking"}, {"thinking", ""}, {"signature", ""}}};
  for (const auto& piece : pieces_of(turn.thinking, size)) {
    made.deltas.push_back({{"type", "thinking_delta"}, {"thinking", piece}});
  }
  made.deltas.push_back({{"type", "signature_delta"}, {"signature", turn.signature}});
  return made;
}

block text_block(const message_turn& turn, std::size_t size) {
  block made{.whole = {{"type", "text"}, {"text", joined(turn.text)}}, .start = {{"type", "text"}, {"text", ""}}};
  for (const auto& piece : pieces_of(turn.text, size)) {
    made.deltas.push_back({{"type", "text_delta"}, {"text", piece}});
  }
  return made;
}

/// The provider's first delta is an empty one.
block tool_block(const tool_use& use, std::size_t size) {
  json::object whole{{"type", "tool_use"}, {"id", use.id}, {"name", use.name}, {"input", use.input}};
  auto start = whole;
  start["input"] = json::object{};
  block made{.whole = std::move(whole), .start = std::move(start)};
  made.deltas.push_back({{"type", "input_json_delta"}, {"partial_json", ""}});
  for (const auto& piece : pieces_of(tokens_of(json::serialize(use.input)), size)) {
    made.deltas.push_back({{"type", "input_json_delta"}, {"partial_json", piece}});
  }
  return made;
}

std::vector<block> blocks_of(const message_turn& turn, std::size_t size) {
  std::vector<block> blocks;
  if (!turn.signature.empty()) blocks.push_back(thinking_block(turn, size));
  if (!turn.text.empty()) blocks.push_back(text_block(turn, size));
  for (const auto& use : turn.tools) blocks.push_back(tool_block(use, size));
  return blocks;
}

json::object usage_of(const message_turn& turn, std::size_t output_tokens) {
  return {{"input_tokens", turn.input_tokens},
          {"cache_creation_input_tokens", 0},
          {"cache_read_input_tokens", 0},
          {"cache_creation", {{"ephemeral_5m_input_tokens", 0}, {"ephemeral_1h_input_tokens", 0}}},
          {"output_tokens", output_tokens},
          {"service_tier", "standard"}};
}

json::object final_usage(const message_turn& turn) {
  json::object usage{{"input_tokens", turn.input_tokens},
                     {"cache_creation_input_tokens", 0},
                     {"cache_read_input_tokens", 0},
                     {"output_tokens", turn.output_tokens}};
  if (!turn.thinking.empty()) usage["output_tokens_details"] = {{"thinking_tokens", turn.thinking.size()}};
  return usage;
}

json::object frame(const message_turn& turn, json::array content, json::value stop_reason) {
  return {{"model", turn.model},
          {"id", turn.id},
          {"type", "message"},
          {"role", "assistant"},
          {"content", std::move(content)},
          {"stop_reason", std::move(stop_reason)},
          {"stop_sequence", nullptr},
          {"stop_details", nullptr}};
}

std::string event(std::string_view type, const json::object& more) {
  json::object data{{"type", type}};
  for (const auto& [name, value] : more) data[name] = value;
  return fmt::format("event: {}\ndata: {}\n\n", type, json::serialize(data));
}

std::string first_event(const message_turn& turn) {
  auto message = frame(turn, {}, nullptr);
  if (turn.usage) message["usage"] = usage_of(turn, 1);
  return event("message_start", {{"message", message}});
}

std::string final_delta(const message_turn& turn) {
  json::object more{
      {"delta", {{"stop_reason", turn.stop_reason}, {"stop_sequence", nullptr}, {"stop_details", nullptr}}}};
  if (turn.usage) more["usage"] = final_usage(turn);
  return event("message_delta", more);
}

std::string error_event() {
  return event("error", {{"error", {{"type", "overloaded_error"}, {"message", "Overloaded. This was asked for."}}}});
}

}  // namespace

std::string plain_body(const message_turn& turn) {
  json::array content;
  for (auto& one : blocks_of(turn, 1)) content.push_back(std::move(one.whole));
  auto message = frame(turn, std::move(content), json::string(turn.stop_reason));
  if (turn.usage) {
    auto usage = usage_of(turn, turn.output_tokens);
    for (const auto& [name, value] : final_usage(turn)) usage[name] = value;
    message["usage"] = std::move(usage);
  }
  return json::serialize(message);
}

std::vector<std::string> stream_events(const message_turn& turn, const behaviour& wish) {
  std::vector<std::string> events{first_event(turn)};
  const auto blocks = blocks_of(turn, wish.tokens_per_chunk);
  for (std::size_t index = 0; index < blocks.size(); ++index) {
    events.push_back(event("content_block_start", {{"index", index}, {"content_block", blocks[index].start}}));
    if (index == 0) events.push_back(event("ping", {}));
    for (const auto& delta : blocks[index].deltas) {
      events.push_back(event("content_block_delta", {{"index", index}, {"delta", delta}}));
    }
    events.push_back(event("content_block_stop", {{"index", index}}));
  }
  events.push_back(final_delta(turn));
  if (wish.error_event) {
    events.resize(std::min(*wish.error_event, events.size()));
    events.push_back(error_event());
  } else if (!wish.no_done) {
    events.push_back(event("message_stop", {}));
  }
  return events;
}

}  // namespace refrain::mock::anthropic
