#pragma once

#include "mock/answer.h"
#include "mock/call.h"

namespace refrain::mock::openai {

/// POST .../audio/transcriptions: a form with `file` and `model`. The text follows from the form's proof (proof.h). It
/// comes as `response_format` asks: json, verbose_json, text, srt or vtt; with `stream=true` as events, except from
/// `whisper-1`, which ignores it. `include[]=logprobs` does as documented.
///
/// 400 in OpenAI's shape: the body is no form, or `file` or `model` is missing.
[[nodiscard]] answer transcriptions(const call& asked);

/// POST .../audio/translations: the same without streams.
[[nodiscard]] answer translations(const call& asked);

}  // namespace refrain::mock::openai
