#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace refrain::provider {

/// Makes a plain answer, the message, of a recorded stream of Anthropic's messages.
///
/// The message is that of `message_start`; each `content_block_start` adds a block, which its deltas complete; what
/// `message_delta` says counts for more where it is not null, its `usage` count by count. `ping`s say nothing, nor does
/// what events have beside what they are known for. Fails with not_found where an event or delta is not known, as it
/// may change the message, or does not fit its block, and where a tool's input is no JSON, as of a stream that was cut
/// at its `max_tokens`.
[[nodiscard]] base::result<std::string> merge_anthropic_stream(std::string_view stream);

}  // namespace refrain::provider
