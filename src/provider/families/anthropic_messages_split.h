#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace refrain::provider {

/// Makes a stream of a plain answer of Anthropic's messages, in the events and the order in which the provider streams:
/// `message_start` with all that is known before the first token, the blocks one after the other, `message_delta` with
/// the reason to stop and the final usage, `message_stop`.
///
/// Texts, thinking, signatures, citations and the input of tools come as deltas, each in one piece; other blocks stand
/// whole in their `content_block_start`. Fails with not_found where the answer has no content, stop reason or usage.
[[nodiscard]] base::result<std::string> split_anthropic_message(std::string_view plain);

}  // namespace refrain::provider
