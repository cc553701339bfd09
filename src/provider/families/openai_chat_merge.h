#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "provider/families/openai_choices_shape.h"

namespace refrain::provider {

/// Makes a plain answer of a recorded stream, terminator and usage event included.
///
/// `delta`s become the message as delta_merge.h says, `text`s follow each other, and so do `logprobs`; everywhere else
/// the last value that is not null counts. `obfuscation`, padding that only streams have, goes, and so does the `index`
/// of tool calls. Fails with not_found where two values cannot become one, such as a string and an object.
[[nodiscard]] base::result<std::string> merge_openai_chat_stream(std::string_view stream,
                                                                 const openai_choices_shape& shape = chat_shape);

}  // namespace refrain::provider
