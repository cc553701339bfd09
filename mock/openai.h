#pragma once

#include "mock/provider.h"

/// Speaks as OpenAI's API does. Each text follows from the body's proof (proof.h), so that the plain and the streamed
/// form of one request say the same; ids are new in each answer. 400 in OpenAI's shape: the body is not a JSON object,
/// or a member is missing that the endpoint needs.
namespace refrain::mock::openai {

/// Errors are {"error": {"message", "type", "param", "code"}}.
inline constexpr provider api{
    .name = "openai", .keys = {"Authorization: Bearer"}, .stream_type = "text/event-stream; charset=utf-8"};

/// POST .../chat/completions. Needs `model` and `messages`.
///
/// - `tools` and a last message from the user: a call of the first tool (or of the one `tool_choice` names), with
///   arguments that fit its schema. After a tool's message: text.
/// - `response_format`: JSON that fits the schema.
/// - a model with "reason" in its name thinks first, in `reasoning_content`.
/// - `n`, `max_tokens`, `max_completion_tokens`, `logprobs`, `stream_options.include_usage` do as documented.
[[nodiscard]] answer chat_completions(const call& asked);

}  // namespace refrain::mock::openai
