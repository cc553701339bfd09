#include "support/chat_reading.h"

#include <algorithm>
#include <boost/json.hpp>

#include "mock/proof.h"

namespace refrain::tests {
namespace {

namespace json = boost::json;

std::string text_at(const json::object& from, std::string_view name) {
  const auto* const found = from.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string{};
}

void read_calls(const json::object& from, read_choice& into) {
  const auto* const list = from.if_contains("tool_calls");
  if (list == nullptr) return;
  for (std::size_t at = 0; at < list->as_array().size(); ++at) {
    const auto& call = list->as_array()[at].as_object();
    const auto* const index = call.if_contains("index");
    const auto place = index == nullptr ? at : static_cast<std::size_t>(index->as_int64());
    if (into.calls.size() <= place) into.calls.resize(place + 1);
    auto& known = into.calls[place];
    known.id += text_at(call, "id");
    const auto& function = call.at("function").as_object();
    known.name += text_at(function, "name");
    known.arguments += text_at(function, "arguments");
  }
}

/// `part`: `message` of a plain answer, `delta` of a chunk.
void read_part(const json::object& object, std::string_view part, read_answer& into) {
  into.id = text_at(object, "id");
  into.created = object.at("created").as_int64();
  into.model = text_at(object, "model");
  into.fingerprint = text_at(object, "system_fingerprint");
  for (const auto& one : object.at("choices").as_array()) {
    const auto& choice = one.as_object();
    auto& known = into.choices[choice.at("index").as_int64()];
    const auto& said = choice.at(part).as_object();
    if (known.role.empty()) known.role = text_at(said, "role");
    known.content += text_at(said, "content");
    known.reasoning += text_at(said, "reasoning_content");
    read_calls(said, known);
    known.finish += text_at(choice, "finish_reason");
  }
}

}  // namespace

read_answer read_chat(std::string_view body) {
  read_answer known;
  if (!body.starts_with("data: ")) {
    read_part(json::parse(body).as_object(), "message", known);
    return known;
  }
  for (const auto& event : events_of(body)) {
    if (event != "[DONE]") read_part(json::parse(event).as_object(), "delta", known);
  }
  return known;
}

std::vector<std::string> events_of(std::string_view stream) {
  constexpr std::string_view field = "data: ";
  std::vector<std::string> events;
  while (stream.starts_with(field)) {
    const auto end = std::min(stream.find_first_of("\r\n"), stream.size());
    events.emplace_back(stream.substr(field.size(), end - field.size()));
    stream.remove_prefix(std::min(stream.find_first_not_of("\r\n", end), stream.size()));
  }
  return events;
}

bool proves(std::string_view body, std::string_view request) {
  const auto proof = mock::proof_of(request);
  return proof && body.contains(*proof);
}

}  // namespace refrain::tests
