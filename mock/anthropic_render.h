#pragma once

#include <string>
#include <vector>

#include "mock/anthropic_turn.h"

namespace refrain::mock::anthropic {

/// The turn as one `message` object.
[[nodiscard]] std::string plain_body(const message_turn& turn);

/// The turn as server-sent events, each text one event with its blank line: `message_start`, each block with a `ping`
/// after the first one's start, `message_delta`, `message_stop`. `wish` sets the tokens in a delta, an error event,
/// with which the stream ends, and whether the terminator comes.
[[nodiscard]] std::vector<std::string> stream_events(const message_turn& turn, const behaviour& wish);

}  // namespace refrain::mock::anthropic
