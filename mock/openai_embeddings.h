#pragma once

#include "mock/answer.h"
#include "mock/call.h"

namespace refrain::mock::openai {

/// POST .../embeddings: a vector for each input, as numbers or in base64 (`encoding_format`), of `dimensions` floats
/// (8). The vector proves its input: it follows from the input's JSON text and the model alone, so that it is the same
/// whatever else was asked for with it. Knows the faults x-mock-missing and x-mock-reversed.
///
/// 400 in OpenAI's shape: the body is not a JSON object, or `input` or `model` is missing.
[[nodiscard]] answer embeddings(const call& asked);

}  // namespace refrain::mock::openai
