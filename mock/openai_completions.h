#pragma once

#include "mock/answer.h"
#include "mock/call.h"

namespace refrain::mock::openai {

/// POST .../completions, plain or streamed. The text follows from the body's proof (proof.h), so the two forms of one
/// request say the same; `id` is new in each answer. `n`, a list of prompts, `echo`, `max_tokens`, `logprobs`,
/// `stream_options.include_usage` do as documented.
///
/// 400 in OpenAI's shape: the body is not a JSON object, or `model` is missing.
[[nodiscard]] answer completions(const call& asked);

}  // namespace refrain::mock::openai
