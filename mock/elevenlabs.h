#pragma once

#include <memory>

#include "mock/provider.h"
#include "mock/websocket.h"

/// Speaks as ElevenLabs' API does.
namespace refrain::mock::elevenlabs {

/// Errors are {"detail": {"status", "message"}}, or, with status 422, a list of what is wrong with the request as
/// {"detail": [{"type", "loc", "msg"}]}.
inline constexpr provider api{.name = "elevenlabs", .keys = {"xi-api-key"}};

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

/// The WebSocket /v1/text-to-speech/{voice}/stream-input (elevenlabs.io/docs/api-reference: "TTS websockets").
///
/// The client opens with the text " ", sends pieces, and ends with the text "". Pieces with `try_trigger_generation` or
/// `flush` are answered with a frame of audio for all that has gathered; the end with the rest, a frame with `isFinal`,
/// and the closing frame. The audio is no sound: it spells "<voice>: <text>", so that a test can tell what was spoken.
[[nodiscard]] std::unique_ptr<websocket_handler> stream_input(const call& asked);

/// GET .../voices: the voices this provider claims to have, as /v1/voices and /v2/voices give them. Any other voice
/// speaks as well.
[[nodiscard]] answer list_voices(const call& asked);
/// GET .../models, of a client that shows `xi-api-key`.
[[nodiscard]] answer list_models(const call& asked);

}  // namespace refrain::mock::elevenlabs
