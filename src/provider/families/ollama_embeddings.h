#pragma once

#include "provider/dialect.h"

namespace refrain::provider {

/// Ollama's `POST /api/embed`: a vector for each text, each an entry of its own whatever else was asked for with it.
[[nodiscard]] const dialect& ollama_embed() noexcept;

/// Its older `POST /api/embeddings`: one vector for one prompt.
[[nodiscard]] const dialect& ollama_embeddings() noexcept;

}  // namespace refrain::provider
