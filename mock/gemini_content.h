#pragma once

#include "mock/answer.h"
#include "mock/call.h"

namespace refrain::mock::gemini {

/// POST .../models/{model}:generateContent, and :streamGenerateContent as events (`alt=sse`) or as an array. The text
/// follows from the proof of the body with the model in it, so all forms of one request say the same; `responseId` is
/// new in each answer.
///
/// - functions offered and a question that brings no function's result: a call of the first that may be called, with
///   arguments that fit its schema and a signature. `x-mock-tools` sets how many.
/// - `includeThoughts`: thoughts come first, and a signature last.
/// - `responseMimeType: application/json`: JSON that fits the schema.
/// - `candidateCount` and `maxOutputTokens` do as documented. Each chunk counts the tokens so far.
/// - a text with "unspeakable" in it is blocked.
///
/// 400 in Google's shape: the body is no JSON object, or has no contents.
[[nodiscard]] answer generate_content(const call& asked);

/// POST .../models/{model}:countTokens.
[[nodiscard]] answer count_tokens(const call& asked);

}  // namespace refrain::mock::gemini
