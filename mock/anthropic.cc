#include <algorithm>
#include <boost/json.hpp>
#include <expected>
#include <optional>
#include <utility>

#include "mock/json.h"
#include "mock/proof.h"
#include "mock/renderer.h"
#include "mock/routes.h"
#include "mock/text.h"
#include "mock/turn.h"

/// Speaks as Anthropic's API does.
namespace refrain::mock {
namespace {

/// Errors are {"type": "error", "error": {"type", "message"}, "request_id"}.
constexpr provider api{.name = "anthropic",
                       .keys = {"x-api-key", "Authorization: Bearer"},
                       .stream_type = "text/event-stream; charset=utf-8"};

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
  return offered(named == tools.end() ? &tools.front() : named, {"input_schema"});
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

/// The body of a request about a conversation, checked.
std::expected<json::value, answer> conversation_of(const renderer& render) {
  auto request = render.request({"model"}, need::text);
  if (!request) return request;
  const auto* messages = member(*request, "messages");
  if (messages == nullptr) return std::unexpected(render.refuse("missing", {{"param", "messages"}}));
  if (list_of(messages).empty()) return std::unexpected(render.refuse("no_messages"));
  return request;
}

/// The events in their order, but for the last: `message_start`, the blocks, numbered, with a `ping` after the first
/// one's start, `message_delta`.
std::vector<std::string> events_of(const renderer& render) {
  auto events = render.fill("message.stream").as_array();
  int index = -1;
  for (auto& event : events) {
    if (event.at("type") == "content_block_start") ++index;
    if (auto* shown = event.as_object().if_contains("index")) *shown = index;
  }
  if (index >= 0) events.insert(events.begin() + 2, render.fill("ping"));
  std::vector<std::string> pieces;
  for (const auto& event : events) pieces.push_back(written(stream_form::named_event, event));
  return pieces;
}

/// POST .../messages, plain or streamed. The answer's text follows from the body's proof (proof.h), so the two forms of
/// one request say the same; the message's `id` is new in each answer, the ids of tool calls are not.
///
/// - `tools` and a last message from the user that holds no tool's result: calls of the first tool (or of the one that
///   `tool_choice` names), with input that fits its schema. After a tool's result: text.
/// - `thinking` of type `enabled` or `adaptive`, or a model with "reason" in its name: a thinking block with its
///   signature comes first.
/// - `output_config.format`: JSON that fits the schema.
/// - `max_tokens` does as documented.
///
/// 400: the body is not a JSON object, or `model`, `max_tokens` or `messages` is missing.
answer messages(const call& asked) {
  renderer render(api, asked);
  const auto request = conversation_of(render);
  if (!request) return request.error();
  if (member(*request, "max_tokens") == nullptr) return render.refuse("missing", {{"param", "max_tokens"}});

  const auto proof = *proof_of(asked.body);
  const auto* schema = find_in(*request, "/output_config/format/schema");
  const question what{.proof = proof,
                      .text = last_question(messages_of(*request)),
                      .thinks = thinks(*request),
                      .tool = tool_to_use(*request),
                      .json = schema == nullptr ? std::string{} : json_for(schema, proof),
                      .limit = limit_member(*request, "max_tokens"),
                      .words = {.stop = "end_turn", .length = "max_tokens", .calls_tool = "tool_use"}};
  const auto said = turn_for(what, asked.how);
  render.set(values_of(said, 0, asked.how));
  render.set({{"model", string_member(*request, "model")},
              {"proof", proof},
              {"thinks", what.thinks},
              {"usage", !asked.how.no_usage},
              {"input_tokens", input_tokens(*request)},
              {"output_tokens", said.tokens()}});
  if (!said.thoughts.empty()) render.set({{"thinking_tokens", said.thoughts.size()}});
  if (!is_true(*request, "stream")) return render.plain("message");
  auto events = events_of(render);
  const bool broken = break_off(events, asked.how, render.piece(stream_form::named_event, "broken_off"));
  if (!broken && !asked.how.no_done) events.push_back(render.piece(stream_form::named_event, "message_stop"));
  return render.stream(std::move(events));
}

/// POST .../messages/count_tokens: about as many tokens as `messages` says it used for the same conversation.
answer count_tokens(const call& asked) {
  const renderer render(api, asked);
  const auto request = conversation_of(render);
  return request ? render.plain("count", {{"input_tokens", input_tokens(*request)}}) : request.error();
}

constexpr route rows[] = {
    {"POST", "*/messages", &api, messages},
    {"POST", "*/messages/count_tokens", &api, count_tokens},
};

}  // namespace

constinit const std::span<const route> anthropic_routes{rows};

}  // namespace refrain::mock
