#pragma once

#include <memory>

#include "entry/entry.h"
#include "provider/dialect.h"
#include "provider/families/openai_choices_shape.h"

namespace refrain::provider {

/// Reads an answer of OpenAI's chat completions or completions to its end and judges it.
///
/// Stored is what has an end (`data: [DONE]` of a stream; a whole JSON text), no error, a finish reason in each choice
/// that is not `content_filter`, and something in at least one choice. `length` and a model's refusal are answers.
/// Limits are those of json_answer.h.
[[nodiscard]] std::unique_ptr<answer_reader> read_openai_choices_answer(entry::wire_form form,
                                                                        const openai_choices_shape& shape);

}  // namespace refrain::provider
