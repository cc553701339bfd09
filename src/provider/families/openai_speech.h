#pragma once

#include "provider/dialect.h"

namespace refrain::provider {

/// OpenAI's text to speech, `POST /audio/speech` (API reference, "Create speech"): audio as it is, or with
/// `stream_format: "sse"` in events. A stream serves those who want the audio; the reverse not, as audio does not tell
/// the usage that the stream's last event reports.
[[nodiscard]] const dialect& openai_speech() noexcept;

}  // namespace refrain::provider
