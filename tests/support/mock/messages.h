#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Reads streams of Anthropic's messages the way a client does. For tests alone.
namespace refrain::mock::test {

/// The data of each event.
inline std::vector<boost::json::value> message_events(std::string_view stream) {
  constexpr std::string_view field = "\ndata: ";
  std::vector<boost::json::value> events;
  while (!stream.empty()) {
    const auto end = stream.find("\n\n");
    const auto block = stream.substr(0, end);
    events.push_back(boost::json::parse(block.substr(block.find(field) + field.size())));
    stream.remove_prefix(end == std::string_view::npos ? stream.size() : end + 2);
  }
  return events;
}

/// The message that events come to.
inline boost::json::value gather_message(const std::vector<boost::json::value>& events) {
  auto message = events.front().at("message");
  auto& content = message.at("content").as_array();
  std::vector<std::string> inputs;
  for (const auto& event : events) {
    const auto& type = event.at("type").as_string();
    if (type == "content_block_start") {
      content.push_back(event.at("content_block"));
      inputs.emplace_back();
    } else if (type == "content_block_delta") {
      const auto index = static_cast<std::size_t>(event.at("index").as_int64());
      for (const auto& [name, value] : event.at("delta").as_object()) {
        if (name == "partial_json") {
          inputs.at(index) += value.as_string();
        } else if (name != "type") {
          content.at(index).at(name).as_string() += value.as_string();
        }
      }
    } else if (type == "message_delta") {
      for (const auto& [name, value] : event.at("delta").as_object()) message.at(name) = value;
      for (const auto& [name, value] : event.at("usage").as_object()) message.at("usage").as_object()[name] = value;
    }
  }
  for (std::size_t index = 0; index < inputs.size(); ++index) {
    if (!inputs[index].empty()) content[index].as_object()["input"] = boost::json::parse(inputs[index]);
  }
  return message;
}

/// A plain answer's message, or that of a stream.
inline boost::json::value read_message(std::string_view body) {
  return body.starts_with("event: ") ? gather_message(message_events(body)) : boost::json::parse(body);
}

}  // namespace refrain::mock::test
