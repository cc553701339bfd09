#pragma once

#include "provider/rules/stream_merge.h"

namespace refrain::provider {

/// How the deltas of a chat completion's choice become its message. Only members that are known to come in pieces are
/// joined; of any other, two values that differ do not go together.
///
/// | member | becomes |
/// |---|---|
/// | `content`, `refusal`, `reasoning_content`, `reasoning` | joined |
/// | `tool_calls` | calls by `index`; a piece with another id or name begins another call |
/// | `function_call` | arguments joined |
/// | `reasoning_details` (OpenRouter) | by `index` and `type`; text and summary joined |
/// | `thinking_blocks` (LiteLLM) | a block goes on until it has its signature |
/// | `annotations` | one behind the other |
extern const merge_rules openai_delta_rules;

/// Takes what only streams have from a message that is whole. False where the arguments of a call are no JSON: pieces
/// of two calls were joined, or the last was cut.
[[nodiscard]] bool finish_openai_calls(json_tree& message);

}  // namespace refrain::provider
