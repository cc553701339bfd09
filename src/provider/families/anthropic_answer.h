#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "provider/wire.h"

namespace refrain::provider {

/// Reads an answer of Anthropic's messages, the events of a stream or a plain answer's message, and judges it.
///
/// Stored is what ends with `message_stop`, has a `stop_reason` that is known to be good (`max_tokens` is; a `refusal`
/// is the provider's filter's) and something in its content, and no error. A container, or a credit for a refusal, is
/// state that the provider keeps for minutes: a message that names one is not stored. `ping` and events that nobody
/// knows may stand anywhere before the end. What was read from the provider's prompt cache, and written there, is
/// counted beside the other input tokens.
[[nodiscard]] std::unique_ptr<answer_reader> read_anthropic_answer(wire_form form);

/// Makes a plain answer, the message, of a recorded stream.
///
/// The message is that of `message_start`; each `content_block_start` adds a block, which its deltas complete; what
/// `message_delta` says counts for more where it is not null, its `usage` count by count. `ping`s say nothing, nor does
/// what events have beside what they are known for. Fails with not_found where an event or delta is not known, as it
/// may change the message, or does not fit its block, and where a tool's input is no JSON, as of a stream that was cut
/// at its `max_tokens`.
[[nodiscard]] base::result<std::string> merge_anthropic_stream(std::string_view stream);

/// Makes a stream of a plain answer, in the events and the order in which the provider streams: `message_start` with
/// all that is known before the first token, the blocks one after the other, `message_delta` with the reason to stop
/// and the final usage, `message_stop`.
///
/// Texts and thinking come as deltas of a few words, signatures, citations and the input of tools in one piece each;
/// other blocks stand whole in their `content_block_start`. Fails with not_found where the answer has no content, stop
/// reason or usage.
[[nodiscard]] base::result<std::string> split_anthropic_message(std::string_view plain);

}  // namespace refrain::provider
