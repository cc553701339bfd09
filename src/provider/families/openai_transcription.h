#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "provider/dialect.h"

namespace refrain::provider {

/// OpenAI's transcriptions and translations (`POST /audio/transcriptions`, `/audio/translations`): a form with a file,
/// answered in JSON, or as the text, SRT or VTT that `response_format` asks for, or as a stream of its words.
///
/// Keyed are the parts of the form: name, content type, bytes, whether it is a file. The boundary, the file's name and
/// the order of parts with different names are not. `stream` is left out of the key where the answer is the short JSON
/// (`response_format` absent or `json`): its stream then holds the same, and one entry serves both. Whatever the form
/// is, it goes upstream to the letter.
[[nodiscard]] const dialect& openai_transcription() noexcept;

/// The plain JSON of a recorded stream: what its last event, `transcript.text.done`, holds. Fails with not_found where
/// that is not there.
[[nodiscard]] base::result<std::string> merge_transcript(std::string_view stream);

/// The stream of a plain JSON answer: its text in one delta, and the last event. Fails with not_found where it is not
/// that JSON.
[[nodiscard]] base::result<std::string> split_transcript(std::string_view plain);

}  // namespace refrain::provider
