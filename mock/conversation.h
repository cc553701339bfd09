#pragma once

#include <boost/json/value.hpp>
#include <string>

/// What requests with a list of messages have in common, whoever the provider is.
namespace refrain::mock {

/// A message's text: its content, or the text parts of it, joined.
[[nodiscard]] std::string text_of(const boost::json::value& message);

/// The text of the last message from the user; empty where there is none. `request` has a list `messages`.
[[nodiscard]] std::string last_question(const boost::json::value& request);

}  // namespace refrain::mock
