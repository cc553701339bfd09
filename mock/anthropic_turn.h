#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mock/call.h"

namespace refrain::mock::anthropic {

/// One use of a tool, as the model asks for it.
struct tool_use {
  std::string id;
  std::string name;
  boost::json::value input;
};

/// What is said in answer to a request, before it takes the plain or the streamed form.
struct message_turn {
  std::string id;
  std::string model;
  std::vector<std::string> thinking{};  ///< tokens; empty where it does not think aloud
  std::string signature{};              ///< of the thinking
  std::vector<std::string> text{};      ///< tokens; empty where tools are used
  std::vector<tool_use> tools{};
  std::string stop_reason = "end_turn";
  std::size_t input_tokens = 0;
  std::size_t output_tokens = 0;  ///< thinking included
  bool usage = true;              ///< false where the call's header leaves usage out
};

/// Decides the turn. `request` has been checked: an object with `model` and a list of messages. Everything but `id`
/// follows from the request and the call's behaviour.
[[nodiscard]] message_turn turn_for(const boost::json::value& request, std::string_view proof, const call& asked);

/// About how many tokens the provider would count for a conversation: messages, system prompt and tools.
[[nodiscard]] std::size_t input_tokens(const boost::json::value& request);

}  // namespace refrain::mock::anthropic
