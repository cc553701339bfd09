#pragma once

#include <string>
#include <vector>

#include "mock/openai_chat_turn.h"

namespace refrain::mock::openai {

/// The turn as one `chat.completion` object.
[[nodiscard]] std::string plain_body(const chat_turn& turn);

/// The turn as server-sent events, each text one event with its blank line: role, reasoning, content or tool calls (the
/// choices take turns), finish reasons, usage if asked, `[DONE]`. `wish` sets the tokens in a chunk, an error event,
/// and whether the terminator comes.
[[nodiscard]] std::vector<std::string> stream_events(const chat_turn& turn, const behaviour& wish);

}  // namespace refrain::mock::openai
