#pragma once

#include "mock/answer.h"
#include "mock/call.h"

namespace refrain::mock::sarvam {

/// POST .../translate: a `translated_text` that has the body's proof, the target language and what was asked in it.
/// "auto" as the source is taken for en-IN.
///
/// 400: no JSON object, or `input`, `source_language_code` or `target_language_code` is missing.
[[nodiscard]] answer translate(const call& asked);

}  // namespace refrain::mock::sarvam
