#pragma once

#include "provider/dialect.h"

namespace refrain::provider {

/// OpenAI's responses (`POST /responses`). One entry serves plain and streamed requests: a stream's last event carries
/// the whole response. Entries are bound to the upstream account, as the ids in them work there alone.
[[nodiscard]] const dialect& openai_responses() noexcept;

}  // namespace refrain::provider
