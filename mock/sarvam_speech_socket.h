#pragma once

#include <memory>

#include "mock/talk.h"

namespace refrain::mock {

/// Sarvam's WebSocket /text-to-speech/ws (docs.sarvam.ai: "Text to speech, streaming").
///
/// The client sends `config`, `text`, `flush` and `ping`. Text gathers until it is `min_buffer_size` long (50) or
/// flushed, and is answered with an `audio` message; where the query says `send_completion_event=true`, a flush also
/// with the event `final`. The audio is no sound: it spells "<speaker>: <text>", so that a test can tell what was
/// spoken.
[[nodiscard]] std::unique_ptr<talker> sarvam_speech_socket(const call& asked);

}  // namespace refrain::mock
