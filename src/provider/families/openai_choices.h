#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "provider/wire.h"

namespace refrain::provider {

/// What OpenAI's chat completions and completions differ in: the frame around the choices is the same.
struct openai_choices_shape {
  std::string_view plain_part;     ///< the member of a choice that holds what it says
  std::string_view stream_part;    ///< the same in a stream
  std::string_view plain_object;   ///< `object` of an answer
  std::string_view stream_object;  ///< `object` of a stream's chunk

  /// A completion's choice holds its text as it is.
  [[nodiscard]] constexpr bool says_in_text() const noexcept { return plain_part == stream_part; }
};

inline constexpr openai_choices_shape chat_shape{
    .plain_part = "message",
    .stream_part = "delta",
    .plain_object = "chat.completion",
    .stream_object = "chat.completion.chunk",
};

inline constexpr openai_choices_shape completion_shape{
    .plain_part = "text",
    .stream_part = "text",
    .plain_object = "text_completion",
    .stream_object = "text_completion",
};

/// Reads an answer to its end and judges it. Stored is what has an end (`data: [DONE]` of a stream; a whole JSON text),
/// no error, a finish reason in each choice that is known to be good, and something in at least one choice. `length`
/// and a model's refusal are answers. Limits are those of json_answer.h.
[[nodiscard]] std::unique_ptr<answer_reader> read_openai_choices(wire_form form, const openai_choices_shape& shape);

/// Makes a plain answer of a recorded stream, terminator and usage event included: `delta`s become the message, `text`s
/// follow each other, and so do `logprobs`; of what each chunk is known to say anew, the last counts. `obfuscation` and
/// Mistral's `p`, padding that only streams have, go, and so does the `index` of tool calls. Fails with not_found where
/// two values cannot become one: a string and an object, or two of a member that is not known.
[[nodiscard]] base::result<std::string> merge_openai_choices(std::string_view stream,
                                                             const openai_choices_shape& shape);

/// Makes a stream of a plain answer: for each choice a chunk with its message or text as it begins, chunks with a few
/// more words each, for each its finish reason, then the usage where it is wanted and known, then `[DONE]`. Members
/// that chunks are not known to have are on the first. Fails with not_found where the answer has not the shape that it
/// needs.
[[nodiscard]] base::result<std::string> split_openai_choices(std::string_view plain, bool wants_usage,
                                                             const openai_choices_shape& shape);

}  // namespace refrain::provider
