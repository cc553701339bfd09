#pragma once

#include "provider/dialect.h"

namespace refrain::provider {

/// Gemini's embeddings, `POST models/{model}:embedContent` and `:batchEmbedContents` (API reference, "Embeddings"): a
/// vector for each content, each an entry of its own in whichever of the two it was asked for.
[[nodiscard]] const dialect& gemini_embeddings() noexcept;

}  // namespace refrain::provider
