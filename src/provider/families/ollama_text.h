#pragma once

#include "provider/dialect.h"

namespace refrain::provider {

/// Ollama's text, `POST /api/chat` and `POST /api/generate` (docs/api.md of its repository): lines of JSON unless
/// `stream` is false; one entry serves both. The times that an answer tells are those of its recording.
[[nodiscard]] const dialect& ollama_chat() noexcept;
[[nodiscard]] const dialect& ollama_generate() noexcept;

}  // namespace refrain::provider
