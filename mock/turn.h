#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mock/behaviour.h"

/// What all endpoints that answer in text have in common, whoever the provider is: a request is read into a question,
/// a question decides a turn, and the provider's templates give the turn its plain or its streamed form.
namespace refrain::mock {

/// A function that the model may call.
struct offered_tool {
  std::string name;
  boost::json::value schema;  ///< of its arguments, a JSON Schema
};

/// One call of a function, as the model makes it.
struct tool_call {
  std::string name;
  boost::json::value arguments;
};

/// The provider's words for why a text ended.
struct finish_words {
  std::string_view stop;
  std::string_view length;  ///< the limit was reached
  std::string_view calls_tool;
};

/// What a request asks.
struct question {
  std::string proof;
  std::string text{};                  ///< what the user asked last
  bool thinks = false;                 ///< thoughts come first
  std::optional<offered_tool> tool{};  ///< to be called in place of a text
  std::string json{};                  ///< JSON to be given as the text; empty: sentences
  std::optional<std::size_t> limit{};  ///< most tokens
  bool limits_thoughts = true;         ///< the limit counts thoughts too
  finish_words words{};
};

/// What is said in reply, before it takes a form.
struct turn {
  std::vector<std::string> thoughts{};  ///< tokens
  std::vector<std::string> text{};      ///< tokens; none where tools are called
  std::vector<tool_call> calls{};
  std::string finish{};  ///< in the provider's words, or what x-mock-finish says

  /// About how many tokens a provider would count for it.
  [[nodiscard]] std::size_t tokens() const;
};

/// The turn that a question and the call's behaviour decide. `index` tells several turns that answer one question
/// apart.
[[nodiscard]] turn turn_for(const question& asked, const behaviour& wish, std::size_t index = 0);

/// JSON text that fits the schema and holds the proof; without a schema, an object with the proof.
[[nodiscard]] std::string json_for(const boost::json::value* schema, std::string_view proof);

/// Whether the model's name says that it reasons.
[[nodiscard]] bool is_reasoner(std::string_view model);

/// A message's text: its content, or the text parts of it, joined.
[[nodiscard]] std::string text_of(const boost::json::value& message);

/// The text of the last message from the user; empty where there is none.
[[nodiscard]] std::string last_question(const boost::json::array& messages);

/// About how many tokens messages have.
[[nodiscard]] std::size_t tokens_of_messages(const boost::json::array& messages);

}  // namespace refrain::mock
