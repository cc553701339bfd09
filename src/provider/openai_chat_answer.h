#pragma once

#include <memory>

#include "entry/entry.h"
#include "provider/dialect.h"

namespace refrain::provider {

/// Reads an OpenAI chat completions answer to its end and judges it.
///
/// Stored is what has an end (`data: [DONE]` of a stream; a whole JSON text), no error, a finish reason in each choice
/// that is not `content_filter`, and something in at least one choice. `length` and a model's refusal are answers. A
/// stream's event larger than 16 MiB, or a plain answer larger than 64 MiB, makes it too large; from there on nothing
/// is looked at and every byte counts as whole.
[[nodiscard]] std::unique_ptr<answer_reader> read_openai_chat_answer(entry::wire_form form);

}  // namespace refrain::provider
