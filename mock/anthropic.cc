#include "mock/anthropic.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <expected>
#include <optional>
#include <utility>

#include "mock/json.h"
#include "mock/proof.h"
#include "mock/renderer.h"
#include "mock/text.h"
#include "mock/turn.h"

namespace refrain::mock::anthropic {
namespace {

namespace json = boost::json;

const json::array& messages_of(const json::value& request) { return list_of(member(request, "messages")); }

/// The tool to use; nothing where none is offered, none is wanted, or it is not the user who spoke last.
std::optional<offered_tool> tool_to_use(const json::value& request) {
  const auto& tools = list_of(member(request, "tools"));
  const auto& last = messages_of(request).back();
  const bool brings_result = std::ranges::any_of(list_of(member(last, "content")), [](const json::value& part) {
    return string_member(part, "type") == "tool_result";
  });
  if (tools.empty() || string_member(last, "role") != "user" || brings_result) return std::nullopt;

  const auto* choice = member(request, "tool_choice");
  if (string_member(choice, "type") == "none") return std::nullopt;
  const auto wanted = string_member(choice, "name");
  const auto named = std::ranges::find_if(
      tools, [&](const json::value& tool) { return !wanted.empty() && string_member(tool, "name") == wanted; });
  const auto& tool = named == tools.end() ? tools.front() : *named;
  const auto* schema = member(tool, "input_schema");
  return offered_tool{.name = std::string(string_member(tool, "name")),
                      .schema = schema == nullptr ? json::object{} : *schema};
}

bool thinks(const json::value& request) {
  const auto type = string_member(member(request, "thinking"), "type");
  return is_reasoner(string_member(request, "model")) || type == "enabled" || type == "adaptive";
}

/// About how many tokens the provider would count for a conversation: messages, system prompt and tools.
std::size_t input_tokens(const json::value& request) {
  auto tokens = tokens_of_messages(messages_of(request));
  for (const auto* const name : {"system", "tools"}) {
    if (const auto* more = member(request, name)) tokens += token_estimate(json::serialize(*more));
  }
  return tokens;
}

/// A block of the content: as it is in the end, as it starts in a stream, and what comes between.
struct block {
  json::value whole;
  json::value start;
  std::vector<json::object> deltas{};
};

std::vector<block> blocks_of(const renderer& render, const question& asked, const turn& said, std::size_t size) {
  std::vector<block> blocks;
  const auto add_deltas = [&](std::string_view type, std::string_view name, const std::vector<std::string>& pieces) {
    for (const auto& piece : pieces) blocks.back().deltas.push_back({{"type", type}, {name, piece}});
  };
  if (asked.thinks) {
    const auto signature = fmt::format("EqMock{}==", asked.proof);
    blocks.push_back({.whole = render.fill("thinking", {{"thinking", joined(said.thoughts)}, {"signature", signature}}),
                      .start = render.fill("thinking", {{"thinking", ""}, {"signature", ""}})});
    add_deltas("thinking", "thinking", pieces_of(said.thoughts, size));
    add_deltas("signature", "signature", {signature});
  }
  if (!said.text.empty()) {
    blocks.push_back(
        {.whole = render.fill("text", {{"text", joined(said.text)}}), .start = render.fill("text", {{"text", ""}})});
    add_deltas("text", "text", pieces_of(said.text, size));
  }
  for (std::size_t index = 0; index < said.calls.size(); ++index) {
    const auto& [name, input] = said.calls[index];
    json::object values{{"id", fmt::format("toolu_{}{:04x}", asked.proof, index)}, {"name", name}, {"input", input}};
    blocks.push_back({.whole = render.fill("tool_use", values)});
    values["input"] = json::object{};
    blocks.back().start = render.fill("tool_use", values);
    add_deltas("input_json", "input_json", {""});  // the provider's first delta is an empty one
    add_deltas("input_json", "input_json", pieces_of(tokens_of(json::serialize(input)), size));
  }
  return blocks;
}

/// What both forms say of the message as a whole.
json::object values_of(const question& asked, const turn& said, const json::value& request, bool usage) {
  json::object values{{"usage", usage},
                      {"input_tokens", input_tokens(request)},
                      {"output_tokens", said.tokens()},
                      {"stop_reason", said.finish}};
  if (asked.thinks && !said.thoughts.empty()) values["thinking_tokens"] = said.thoughts.size();
  return values;
}

answer plain(const renderer& render, const std::vector<block>& blocks, json::object values) {
  json::array content;
  for (const auto& one : blocks) content.push_back(one.whole);
  values["content"] = std::move(content);
  return render.plain("message", values);
}

/// `message_start`, each block with a `ping` after the first one's start, `message_delta`, `message_stop`.
answer streamed(const renderer& render, const std::vector<block>& blocks, const json::object& values,
                const behaviour& wish) {
  const auto message = render.fill("message", {{"usage", values.at("usage")},
                                               {"input_tokens", values.at("input_tokens")},
                                               {"output_tokens", 1},
                                               {"content", json::array{}}});
  std::vector<std::string> events{render.named_event("message_start", {{"message", message}})};
  for (std::size_t index = 0; index < blocks.size(); ++index) {
    events.push_back(render.named_event("block_start", {{"index", index}, {"block", blocks[index].start}}));
    if (index == 0) events.push_back(render.named_event("ping"));
    for (auto delta : blocks[index].deltas) {
      delta["index"] = index;
      events.push_back(render.named_event("block_delta", delta));
    }
    events.push_back(render.named_event("block_stop", {{"index", index}}));
  }
  events.push_back(render.named_event("message_delta", values));
  const bool broken = break_off(events, wish, render.named_event("broken_off"));
  if (!broken && !wish.no_done) events.push_back(render.named_event("message_stop"));
  return render.stream(std::move(events));
}

/// The body of a request about a conversation, checked.
std::expected<json::value, answer> conversation_of(const renderer& render) {
  auto request = render.request({"model"}, need::text);
  if (!request) return request;
  const auto* messages = member(*request, "messages");
  if (messages == nullptr) return std::unexpected(render.refuse("missing", {{"param", "messages"}}));
  if (list_of(messages).empty()) return std::unexpected(render.refuse("no_messages"));
  return request;
}

}  // namespace

answer messages(const call& asked) {
  renderer render(api, asked);
  const auto request = conversation_of(render);
  if (!request) return request.error();
  if (member(*request, "max_tokens") == nullptr) return render.refuse("missing", {{"param", "max_tokens"}});

  render.set({{"model", string_member(*request, "model")}});
  const auto proof = *proof_of(asked.body);
  const auto* schema = find_in(*request, "/output_config/format/schema");
  const question put{.proof = proof,
                     .text = last_question(messages_of(*request)),
                     .thinks = thinks(*request),
                     .tool = tool_to_use(*request),
                     .json = schema == nullptr ? std::string{} : json_for(schema, proof),
                     .limit = limit_member(*request, "max_tokens"),
                     .words = {.stop = "end_turn", .length = "max_tokens", .calls_tool = "tool_use"}};
  const auto said = turn_for(put, asked.wish);
  const auto blocks = blocks_of(render, put, said, asked.wish.tokens_per_chunk);
  const auto values = values_of(put, said, *request, !asked.wish.no_usage);
  return is_true(*request, "stream") ? streamed(render, blocks, values, asked.wish) : plain(render, blocks, values);
}

answer count_tokens(const call& asked) {
  const renderer render(api, asked);
  const auto request = conversation_of(render);
  return request ? render.plain("count", {{"input_tokens", input_tokens(*request)}}) : request.error();
}

}  // namespace refrain::mock::anthropic
