#pragma once

#include <memory>

#include "mock/talk.h"

namespace refrain::mock {

/// ElevenLabs' WebSocket /v1/text-to-speech/{voice}/stream-input (elevenlabs.io/docs/api-reference: "TTS websockets").
///
/// The client opens with the text " ", sends pieces, and ends with the text "". Pieces with `try_trigger_generation` or
/// `flush` are answered with a frame of audio for all that has gathered; the end with the rest, a frame with `isFinal`,
/// and the closing frame. The audio is no sound: it spells "<voice>: <text>", so that a test can tell what was spoken.
[[nodiscard]] std::unique_ptr<talker> elevenlabs_stream_input(const call& asked);

}  // namespace refrain::mock
