#pragma once

#include "mock/answer.h"
#include "mock/call.h"

namespace refrain::mock::openai {

/// POST .../responses, plain or streamed. The answer's text follows from the body's proof (proof.h), so the two forms
/// of one request say the same; the ids of the response and its items are new in each answer, those of tool calls
/// follow from the proof. The response echoes what the request says of itself: `user`, `metadata`, `store` and their
/// like.
///
/// - `tools` with a function, and a last item from the user: a call of the first one (`x-mock-tools` of them), with
///   arguments that fit its schema. After its output: text.
/// - `text.format`: JSON that fits the schema. A model with "reason" in its name gives a summary of its reasoning
/// first.
/// - `max_output_tokens` cuts the text, the response is then `incomplete`; `background` leaves it `queued`.
///
/// 400 in OpenAI's shape: the body is not a JSON object, or `model` is missing and there is no `prompt`.
[[nodiscard]] answer responses(const call& asked);

}  // namespace refrain::mock::openai
