#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "provider/dialect.h"

namespace refrain::provider {

/// Reads speech in events: `speech.audio.delta` with a piece of the audio in base64, at last `speech.audio.done` with
/// the usage.
[[nodiscard]] std::unique_ptr<answer_reader> read_openai_speech_events();

/// The audio of a whole stream. Fails with not_found where it cannot be read.
[[nodiscard]] base::result<std::string> join_openai_speech_events(std::string_view stream);

}  // namespace refrain::provider
