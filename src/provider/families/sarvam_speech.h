#pragma once

#include "provider/dialect.h"

namespace refrain::provider {

/// Sarvam's text to speech, `POST /text-to-speech` (API reference, "Text to Speech"): base64 audio in JSON for each
/// text of a batch. A `text` is what a list `inputs` with it alone is. An item's entry is the answer that a request for
/// it alone gets.
///
/// The provider gives its audios no index: that they come in the order of the texts is its word, and only their number
/// can be checked.
[[nodiscard]] const dialect& sarvam_speech() noexcept;

/// `POST /text-to-speech/stream`: one text, audio as it is.
[[nodiscard]] const dialect& sarvam_speech_stream() noexcept;

}  // namespace refrain::provider
