#pragma once

#include "mock/answer.h"
#include "mock/call.h"

namespace refrain::mock::gemini {

/// POST .../models/{model}:embedContent and :batchEmbedContents. A vector follows from the content, the model and the
/// task; `outputDimensionality` numbers, or 8.
///
/// 400 in Google's shape: a content is missing.
[[nodiscard]] answer embed_content(const call& asked);

}  // namespace refrain::mock::gemini
