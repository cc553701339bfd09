#pragma once

#include <memory>

#include "provider/dialect.h"

namespace refrain::provider {

/// Reads an answer of OpenAI's responses to its end and judges it.
///
/// Stored is a response whose status is `completed`, or `incomplete` for any reason but the content filter, with
/// something in its output and no error. A stream ends with the event that carries the whole response
/// (`response.completed`, `response.incomplete`, `response.failed`); of what comes before it only an error counts.
[[nodiscard]] std::unique_ptr<answer_reader> read_openai_responses_answer(entry::wire_form form);

}  // namespace refrain::provider
