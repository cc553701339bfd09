#include "mock/turn.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "mock/json.h"
#include "mock/text.h"

namespace refrain::mock {
namespace {

json::value sample(const json::value& schema, std::string_view proof) {
  return sample_of(schema, fmt::format("proof:{}", proof));
}

/// Leaves at most `limit` tokens. Whether there were more.
bool cut(std::vector<std::string>& tokens, std::size_t limit) {
  const bool longer = tokens.size() > limit;
  if (longer) tokens.resize(limit);
  return longer;
}

json::array described(const std::vector<std::string>& tokens, std::size_t offset) {
  json::array list;
  for (const auto& token : tokens) {
    json::array bytes;
    for (const char c : token) bytes.push_back(static_cast<unsigned char>(c));
    list.push_back({{"token", token}, {"bytes", std::move(bytes)}, {"offset", offset}});
    offset += token.size();
  }
  return list;
}

json::array pieces(const std::vector<std::string>& tokens, std::size_t size, bool with_tokens = false) {
  json::array list;
  std::size_t offset = 0;
  for (const auto& group : groups_of(tokens, size)) {
    json::object one{{"piece", joined(group)}, {"count", group.size()}};
    if (with_tokens) one["tokens"] = described(group, offset);
    offset += one["piece"].get_string().size();
    list.push_back(std::move(one));
  }
  return list;
}

/// A message's text: its content, or the text parts of it, joined.
std::string text_of(const json::value& message) {
  const auto* content = member(message, "content");
  if (content != nullptr && content->is_string()) return std::string(content->get_string());
  std::string text;
  for (const auto& part : list_of(content)) text += string_member(part, "text");
  return text;
}

}  // namespace

offered_tool offered(const json::value* function, std::initializer_list<std::string_view> schema) {
  offered_tool tool{.name = std::string(string_member(function, "name")), .schema = json::object{}};
  for (const auto name : schema) {
    const auto* found = member(function, name);
    if (found == nullptr) continue;
    tool.schema = *found;
    break;
  }
  return tool;
}

json::object values_of(const turn& said, std::size_t index, const behaviour& how, bool with_tokens) {
  const auto size = how.tokens_per_chunk;
  json::object values{{"index", index},
                      {"finish", said.finish},
                      {"text", joined(said.text)},
                      {"text_pieces", pieces(said.text, size, with_tokens)}};
  if (with_tokens) values["tokens"] = described(said.text, 0);
  if (!said.thoughts.empty()) {
    values["thoughts"] = joined(said.thoughts);
    values["thought_pieces"] = pieces(said.thoughts, size);
  }
  json::array calls;
  for (const auto& [name, arguments] : said.calls) {
    const auto text = json::serialize(arguments);
    calls.push_back({{"name", name},
                     {"arguments", arguments},
                     {"arguments_text", text},
                     {"pieces", pieces(tokens_of(text), size)},
                     {"first", calls.empty()},
                     {"index", calls.size()},
                     {"index2", fmt::format("{:02x}", calls.size())},
                     {"index4", fmt::format("{:04x}", calls.size())},
                     {"choice", index},
                     {"choice4", fmt::format("{:04x}", index)}});
  }
  if (!calls.empty()) values["calls"] = std::move(calls);
  return values;
}

std::size_t turn::tokens() const {
  auto count = thoughts.size() + text.size();
  for (const auto& one : calls) count += token_estimate(one.name) + token_estimate(json::serialize(one.arguments));
  return count;
}

turn turn_for(const question& what, const behaviour& how, std::size_t index) {
  turn said{.finish = std::string(what.words.stop)};
  if (what.thinks) said.thoughts = tokens_of(reasoning_text(what.proof, what.text));
  if (what.tool) {
    said.calls.assign(how.tool_calls, {what.tool->name, sample(what.tool->schema, what.proof)});
    said.finish = what.words.calls_tool;
  } else if (what.json.empty()) {
    said.text = tokens_of(answer_text(what.proof, what.text, how.text_bytes, index));
  } else {
    said.text = tokens_of(what.json);
  }
  if (what.limit) {
    auto left = *what.limit;
    const bool cut_thoughts = what.limits_thoughts && cut(said.thoughts, left);
    if (what.limits_thoughts) left -= said.thoughts.size();
    const bool cut_text = cut(said.text, left);
    if (cut_thoughts || cut_text) said.finish = what.words.length;
  }
  if (!how.finish.empty()) said.finish = how.finish;
  return said;
}

std::string json_for(const json::value* schema, std::string_view proof) {
  if (schema != nullptr) return json::serialize(sample(*schema, proof));
  return json::serialize(json::object{{"answer", fmt::format("proof:{}", proof)}});
}

std::string last_question(const json::array& messages) {
  for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
    if (string_member(*message, "role") == "user") return text_of(*message);
  }
  return {};
}

std::size_t tokens_of_messages(const json::array& messages) {
  std::size_t tokens = 3;
  for (const auto& message : messages) tokens += 3 + token_estimate(text_of(message));
  return tokens;
}

}  // namespace refrain::mock
