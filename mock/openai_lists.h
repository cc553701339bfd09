#pragma once

#include "mock/answer.h"
#include "mock/call.h"

namespace refrain::mock::openai {

/// POST .../moderations: one result for each input, flagged where its text holds "violence". `id` holds the body's
/// proof (proof.h) behind "modr-", and is new in each answer.
///
/// 400 in OpenAI's shape: the body is not a JSON object, or `input` is missing.
[[nodiscard]] answer moderations(const call& asked);

/// POST .../rerank, in vLLM's shape: the documents, the best first, at most `top_n`; scores follow from the body's
/// proof, which `id` holds behind "rerank-".
///
/// 400 in OpenAI's shape: the body is not a JSON object, or `query` or `documents` is missing.
[[nodiscard]] answer rerank(const call& asked);

}  // namespace refrain::mock::openai
