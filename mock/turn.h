#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <initializer_list>
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

/// The function that a request describes by `name` and, under the first of these names that it has, the schema of its
/// arguments. Null: one that has neither.
[[nodiscard]] offered_tool offered(const boost::json::value* function, std::initializer_list<std::string_view> schema);

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

/// What templates may say of a turn:
///
/// - `index` of its choice, `finish`, `text`, `text_pieces`, and, where there are any, `thoughts` and `thought_pieces`;
///   each piece is an object with `piece` and the `count` of its tokens, as many as x-mock-chunk says;
/// - `calls`, where there are any: objects with `name`, `arguments`, `arguments_text`, `pieces` of that, whether it is
///   the `first`, its `index` and that of its `choice`, and these as hex digits, `index2`, `index4` and `choice4`;
/// - where `with_tokens`: `tokens` of the text and of each piece, as objects with `token`, its `bytes`, and its
/// `offset`
///   in the text.
[[nodiscard]] boost::json::object values_of(const turn& said, std::size_t index, const behaviour& how,
                                            bool with_tokens = false);

/// The turn that a question and the call's behaviour decide. `index` tells several turns that answer one question
/// apart.
[[nodiscard]] turn turn_for(const question& what, const behaviour& how, std::size_t index = 0);

/// JSON text that fits the schema and holds the proof; without a schema, an object with the proof.
[[nodiscard]] std::string json_for(const boost::json::value* schema, std::string_view proof);

/// Whether the model's name says that it reasons.
[[nodiscard]] inline bool is_reasoner(std::string_view model) { return model.find("reason") != model.npos; }

/// The text of the last message from the user; empty where there is none.
[[nodiscard]] std::string last_question(const boost::json::array& messages);

/// About how many tokens messages have.
[[nodiscard]] std::size_t tokens_of_messages(const boost::json::array& messages);

}  // namespace refrain::mock
