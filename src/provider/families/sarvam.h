#pragma once

#include "provider/rules/dialect.h"

/// Sarvam's own endpoints; its chat is OpenAI's.
namespace refrain::provider {

/// `POST /text-to-speech` (API reference, "Text to Speech"): base64 audio in JSON, `{"request_id", "audios": [...]}`,
/// for each text of a batch. A `text` is what a list `inputs` with it alone is. An item's entry is the answer that a
/// request for it alone gets. The content covers all texts in order, and the language under either of its names. Two of
/// either at once are not understood.
///
/// The provider gives its audios no index: that they come in the order of the texts is its word, and only their number
/// can be checked.
extern const dialect sarvam_speech;

/// `POST /text-to-speech/stream`: one text, audio as it is.
extern const dialect sarvam_speech_stream;

/// `POST /translate` (API reference, "Translate Text"): JSON in one form.
extern const dialect sarvam_translate;

}  // namespace refrain::provider
