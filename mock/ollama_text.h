#pragma once

#include "mock/answer.h"
#include "mock/call.h"

namespace refrain::mock::ollama {

/// POST /api/chat and /api/generate: lines of JSON unless `stream` is false. The text follows from the proof of the
/// body without `keep_alive`, so the two forms of one request say the same; the times are new in each answer.
///
/// - `tools` and a last message from the user: a call of the first tool, with arguments that fit its schema.
///   `x-mock-tools` sets how many.
/// - `think`: thoughts come first.
/// - `format`: JSON, that fits the schema where it is one.
/// - `options.num_predict` cuts.
/// - no messages, or no prompt: the model is loaded, or unloaded by `keep_alive: 0`.
///
/// 400 in Ollama's shape: the body is not a JSON object, or `model` is missing.
[[nodiscard]] answer chat(const call& asked);
[[nodiscard]] answer generate(const call& asked);

}  // namespace refrain::mock::ollama
