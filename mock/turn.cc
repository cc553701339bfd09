#include "mock/turn.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "mock/json.h"
#include "mock/schema_sample.h"
#include "mock/text.h"

namespace refrain::mock {
namespace {

namespace json = boost::json;

json::value sample(const json::value& schema, std::string_view proof) {
  return sample_of(schema, fmt::format("proof:{}", proof));
}

/// Leaves at most `limit` tokens. Whether there were more.
bool cut(std::vector<std::string>& tokens, std::size_t limit) {
  const bool longer = tokens.size() > limit;
  if (longer) tokens.resize(limit);
  return longer;
}

}  // namespace

std::size_t turn::tokens() const {
  auto count = thoughts.size() + text.size();
  for (const auto& one : calls) count += token_estimate(one.name) + token_estimate(json::serialize(one.arguments));
  return count;
}

turn turn_for(const question& asked, const behaviour& wish, std::size_t index) {
  turn said{.finish = std::string(asked.words.stop)};
  if (asked.thinks) said.thoughts = tokens_of(reasoning_text(asked.proof, asked.text));
  if (asked.tool) {
    said.calls.assign(wish.tool_calls, {asked.tool->name, sample(asked.tool->schema, asked.proof)});
    said.finish = asked.words.calls_tool;
  } else if (asked.json.empty()) {
    said.text = tokens_of(answer_text(asked.proof, asked.text, wish.text_bytes, index));
  } else {
    said.text = tokens_of(asked.json);
  }
  if (asked.limit) {
    auto left = *asked.limit;
    const bool cut_thoughts = asked.limits_thoughts && cut(said.thoughts, left);
    if (asked.limits_thoughts) left -= said.thoughts.size();
    const bool cut_text = cut(said.text, left);
    if (cut_thoughts || cut_text) said.finish = asked.words.length;
  }
  if (!wish.finish.empty()) said.finish = wish.finish;
  return said;
}

std::string json_for(const json::value* schema, std::string_view proof) {
  if (schema != nullptr) return json::serialize(sample(*schema, proof));
  return json::serialize(json::object{{"answer", fmt::format("proof:{}", proof)}});
}

bool is_reasoner(std::string_view model) { return model.find("reason") != std::string_view::npos; }

std::string text_of(const json::value& message) {
  const auto* content = member(message, "content");
  if (content != nullptr && content->is_string()) return std::string(content->get_string());
  std::string text;
  for (const auto& part : list_of(content)) text += string_member(part, "text");
  return text;
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
