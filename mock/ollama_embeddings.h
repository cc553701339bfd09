#pragma once

#include "mock/answer.h"
#include "mock/call.h"

namespace refrain::mock::ollama {

/// POST /api/embed: a vector for each text of `input`, of `dimensions` numbers or 8; none for no text.
///
/// 400 in Ollama's shape: the body is not a JSON object, or names no model.
[[nodiscard]] answer embed(const call& asked);

/// POST /api/embeddings: one vector for `prompt`.
[[nodiscard]] answer embeddings(const call& asked);

}  // namespace refrain::mock::ollama
