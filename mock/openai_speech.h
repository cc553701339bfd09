#pragma once

#include "mock/answer.h"
#include "mock/call.h"

namespace refrain::mock::openai {

/// POST .../audio/speech: mp3 (24 kHz, 160 kbit/s) where `response_format` does not say wav or pcm (16 bit, 24 kHz).
/// Chunked; with `stream_format` "sse" as speech.audio.delta events, whose base64 texts joined by their bytes are the
/// same clip, then speech.audio.done with usage, which x-mock-no-done leaves out.
///
/// The proof is of the body without `stream_format`, `response_format` and `speed` written out where they are absent
/// ("mp3", 1).
///
/// 400 in OpenAI's shape: no JSON object, `model`, `input` or `voice` is missing, `input` is longer than 4,096
/// characters, a format the mock does not make, "sse" of tts-1.
[[nodiscard]] answer speech(const call& asked);

}  // namespace refrain::mock::openai
