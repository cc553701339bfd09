#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "provider/families/openai_choices_shape.h"

namespace refrain::provider {

/// Makes a stream of a plain answer: for each choice a chunk with its whole message or text, for each its finish
/// reason, then the usage where it is wanted and known, then `[DONE]`. Members that chunks are not known to have are on
/// the first. Fails with not_found where the answer has not the shape that it needs.
[[nodiscard]] base::result<std::string> split_openai_chat_answer(std::string_view plain, bool wants_usage,
                                                                 const openai_choices_shape& shape = chat_shape);

}  // namespace refrain::provider
