#pragma once

#include "provider/dialect.h"

namespace refrain::provider {

/// Gemini's content, `POST models/{model}:generateContent` and `:streamGenerateContent` (API reference, "Generating
/// content"): one entry serves plain requests, event streams (`alt=sse`) and arrays of chunks.
[[nodiscard]] const dialect& gemini_content() noexcept;

}  // namespace refrain::provider
