#pragma once

#include <string_view>

#include "mock/answer.h"
#include "mock/call.h"
#include "mock/speech.h"

namespace refrain::mock {

/// The clip as a body with a length.
[[nodiscard]] answer whole_answer(const clip& sound);

/// The clip as a chunked body: a chunk for every x-mock-chunk tokens of `text`, the last for the silence.
[[nodiscard]] answer streamed_answer(const clip& sound, std::string_view text, const call& asked);

}  // namespace refrain::mock
