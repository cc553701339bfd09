#pragma once

#include <string_view>

#include "provider/dialect.h"

namespace refrain::provider {

/// OpenAI's completions, as OpenAI and every compatible server speak them (`POST /completions`).
[[nodiscard]] const dialect& openai_completions() noexcept;

/// What a completions request is. Keyed like chat completions, with the same denylist. The prompt is a string, or a
/// list: of strings, of token ids, of lists of these; a request without one is cached too, as the model then writes
/// from the start of a document. `store: true` is not cached.
[[nodiscard]] entry::parsed_request read_openai_completions_request(std::string_view body);

}  // namespace refrain::provider
