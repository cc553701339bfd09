#pragma once

#include "provider/rules/dialect.h"

namespace refrain::provider {

/// ElevenLabs' text to speech (API reference, "Text to Speech"), all of `POST /text-to-speech/{voice}`:
///
/// | path | form |
/// |---|---|
/// | `` and `/stream` | plain: audio, which differs in how it is framed alone |
/// | `/with-timestamps` | timed |
/// | `/stream/with-timestamps` | timed_stream |
///
/// One entry serves them all: the timed forms hold the audio and so serve each other and plain; plain serves itself.
/// The content covers the voice and the query.
extern const dialect elevenlabs_speech;

}  // namespace refrain::provider
