#pragma once

#include "mock/answer.h"
#include "mock/call.h"

namespace refrain::mock::openai {

/// POST .../chat/completions, plain or streamed. The answer's text follows from the body's proof (proof.h), so the two
/// forms of one request say the same; `id` is new in each answer.
///
/// - `tools` and a last message from the user: a call of the first tool (or of the one `tool_choice` names), with
///   arguments that fit its schema. After a tool's message: text.
/// - `response_format`: JSON that fits the schema.
/// - a model with "reason" in its name thinks first, in `reasoning_content`.
/// - `n`, `max_tokens`, `max_completion_tokens`, `logprobs`, `stream_options.include_usage` do as documented.
///
/// 400 in OpenAI's shape: the body is not a JSON object, or `model` or `messages` is missing.
[[nodiscard]] answer chat_completions(const call& asked);

}  // namespace refrain::mock::openai
