#pragma once

#include "provider/dialect.h"

namespace refrain::provider {

/// Anthropic's messages, as Anthropic and every compatible server speak them.
[[nodiscard]] const dialect& anthropic_messages() noexcept;

}  // namespace refrain::provider
