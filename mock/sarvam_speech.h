#pragma once

#include "mock/answer.h"
#include "mock/call.h"

namespace refrain::mock::sarvam {

/// POST .../text-to-speech: `text`, or each of `inputs`, as base64 in `audios`, in their order: wav where
/// `output_audio_codec` does not say mp3, linear16, mulaw or alaw, at `speech_sample_rate` or 22,050 Hz.
///
/// x-mock-missing leaves out the last of them, x-mock-reversed turns their order round.
///
/// The proof of an audio is of the body with that text in `text` and without `inputs`, the language in `language_code`
/// whichever name it came under, and codec, sample rate (a number) and, for mp3, `output_audio_bitrate` written out
/// where they are absent. So a text sounds the same alone, in a list, and on /stream.
///
/// 400: no JSON object, no text, no language, a format the mock does not make.
[[nodiscard]] answer text_to_speech(const call& asked);

/// POST .../text-to-speech/stream: `text` as a chunked body; mp3 where no codec is asked for. The language may be left
/// out.
[[nodiscard]] answer text_to_speech_stream(const call& asked);

}  // namespace refrain::mock::sarvam
