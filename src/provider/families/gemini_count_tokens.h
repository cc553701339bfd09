#pragma once

#include "provider/dialect.h"

namespace refrain::provider {

/// Gemini's `POST models/{model}:countTokens` (API reference, "Counting tokens").
[[nodiscard]] const dialect& gemini_count_tokens() noexcept;

}  // namespace refrain::provider
