#include "mock/conversation.h"

#include <boost/json.hpp>

#include "mock/json.h"

namespace refrain::mock {

namespace json = boost::json;

std::string text_of(const json::value& message) {
  const auto* content = member(message, "content");
  if (content == nullptr) return {};
  if (content->is_string()) return std::string(content->get_string());
  std::string text;
  if (const auto* parts = content->if_array()) {
    for (const auto& part : *parts) text += string_member(part, "text");
  }
  return text;
}

std::string last_question(const json::value& request) {
  const auto& messages = member(request, "messages")->get_array();
  for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
    if (string_member(*message, "role") == "user") return text_of(*message);
  }
  return {};
}

}  // namespace refrain::mock
