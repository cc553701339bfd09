#pragma once

#include <string_view>

namespace refrain::provider {

/// What OpenAI's chat completions and completions differ in: the frame around the choices is the same.
struct openai_choices_shape {
  std::string_view plain_part;     ///< the member of a choice that holds what it says
  std::string_view stream_part;    ///< the same in a stream
  std::string_view plain_object;   ///< `object` of an answer
  std::string_view stream_object;  ///< `object` of a stream's chunk
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

}  // namespace refrain::provider
