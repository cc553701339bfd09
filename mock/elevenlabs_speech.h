#pragma once

#include "mock/answer.h"
#include "mock/call.h"

namespace refrain::mock::elevenlabs {

/// POST .../text-to-speech/{voice} and its three relatives. The same voice, body and query sound the same on all four:
///
/// - plain: the clip with its length;
/// - /stream: chunked;
/// - /with-timestamps: a JSON object with `audio_base64`, `alignment` and `normalized_alignment`;
/// - /stream/with-timestamps: such an object a line for each piece, their times counted from the start of the clip. The
///   last line has the silence, and null for both alignments.
///
/// The query's `output_format` is mp3_44100_128 where it is absent; mp3_*, pcm_*, wav_*, ulaw_8000 and alaw_8000 are
/// made. The proof is of the body with the members `voice` from the path, and `output_format` and
/// `optimize_streaming_latency` (only where it is stated) from the query, as texts.
///
/// 422: no JSON object, or no `text`. 400: a format the mock does not make.
[[nodiscard]] answer speech(const call& asked);
[[nodiscard]] answer speech_stream(const call& asked);
[[nodiscard]] answer speech_with_timestamps(const call& asked);
[[nodiscard]] answer stream_with_timestamps(const call& asked);

}  // namespace refrain::mock::elevenlabs
