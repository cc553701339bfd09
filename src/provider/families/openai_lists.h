#pragma once

#include "provider/dialect.h"

/// OpenAI's endpoints that answer with a list of results, and rerank, which servers of other makers have beside them.
namespace refrain::provider {

/// `POST /images/generations`. `user` and `safety_identifier` are keyed, as the answer echoes them. Links to images
/// expire within the hour: only answers that hold the images themselves are stored. A stream (`partial_images`) is an
/// entry of its own.
[[nodiscard]] const dialect& openai_images() noexcept;

/// `POST /moderations`.
[[nodiscard]] const dialect& openai_moderations() noexcept;

/// `POST /rerank`, as Cohere, Jina and vLLM speak it.
[[nodiscard]] const dialect& rerank() noexcept;

}  // namespace refrain::provider
