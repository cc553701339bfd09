#pragma once

#include "provider/rules/dialect.h"

namespace refrain::provider {

/// Cartesia's text to speech (API reference, "Text to Speech"), `POST /tts/bytes` and `POST /tts/sse`:
///
/// | path | form |
/// |---|---|
/// | `/tts/bytes` | plain: audio as it is |
/// | `/tts/sse` | stream: events with pieces of it in base64 |
/// | `/tts/sse` with `add_timestamps` | timed_stream: events with the times of its words between them |
///
/// One entry serves both: timed_stream serves stream, and either of them plain, as events carry raw audio alone; plain
/// serves itself. The content covers the path.
extern const dialect cartesia_speech;

}  // namespace refrain::provider
