#pragma once

#include "provider/dialect.h"

namespace refrain::provider {

/// OpenAI's embeddings, `POST /embeddings` (API reference, "Create embeddings"): a vector for each text or list of
/// tokens, each an entry of its own whatever else was asked for with it and however its floats were spelt.
[[nodiscard]] const dialect& openai_embeddings() noexcept;

}  // namespace refrain::provider
