#pragma once

#include "provider/dialect.h"

namespace refrain::provider {

/// Anthropic's count of a messages request's tokens: `{"input_tokens": 14}`, always plain. Counting is free, so its
/// usage is none.
[[nodiscard]] const dialect& anthropic_count_tokens() noexcept;

}  // namespace refrain::provider
