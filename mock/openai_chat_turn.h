#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mock/call.h"

namespace refrain::mock::openai {

/// One call of a function, as the model makes it.
struct tool_call {
  std::string id;
  std::string name;
  std::string arguments;  ///< JSON text
};

/// One answer to the question; a request may ask for several.
struct chat_choice {
  std::vector<std::string> reasoning;  ///< tokens; empty for models that do not think aloud
  std::vector<std::string> content;    ///< tokens; empty where tools are called
  std::vector<tool_call> tools;
  std::string finish;  ///< stop, length, tool_calls or what the call's header wants
};

/// What is said in answer to a request, before it takes the plain or the streamed form.
struct chat_turn {
  std::string id;
  std::string model;
  std::string fingerprint;
  std::int64_t created = 0;  ///< seconds since the epoch
  std::vector<chat_choice> choices;
  std::size_t prompt_tokens = 0;
  std::size_t completion_tokens = 0;
  std::size_t reasoning_tokens = 0;  ///< part of completion_tokens
  bool logprobs = false;             ///< asked for
  bool usage = true;                 ///< false where the call's header leaves usage out
  bool usage_in_stream = false;      ///< stream_options.include_usage
};

/// Decides the turn. `request` has been checked: an object with `model` and a list of messages. Everything but `id` and
/// `created` follows from the request and the call's behaviour.
[[nodiscard]] chat_turn turn_for(const boost::json::value& request, std::string_view proof, const call& asked);

}  // namespace refrain::mock::openai
