#pragma once

#include "provider/dialect.h"

namespace refrain::provider {

/// OpenAI's chat completions, as OpenAI and every compatible server speak them.
[[nodiscard]] const dialect& openai_chat() noexcept;

}  // namespace refrain::provider
