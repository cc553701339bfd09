#pragma once

#include "mock/provider.h"

/// Speaks as Anthropic's API does.
namespace refrain::mock::anthropic {

/// Errors are {"type": "error", "error": {"type", "message"}, "request_id"}.
inline constexpr provider api{.name = "anthropic",
                              .keys = {"x-api-key", "Authorization: Bearer"},
                              .stream_type = "text/event-stream; charset=utf-8"};

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
[[nodiscard]] answer messages(const call& asked);

/// POST .../messages/count_tokens: about as many tokens as `messages` says it used for the same conversation.
[[nodiscard]] answer count_tokens(const call& asked);

}  // namespace refrain::mock::anthropic
