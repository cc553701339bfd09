#include "mock/gemini_turn.h"

#include <fmt/format.h>

#include <algorithm>

#include "mock/json.h"
#include "mock/schema_sample.h"
#include "mock/text.h"

namespace refrain::mock::gemini {
namespace {

namespace json = boost::json;

/// Lists that have one element may stand without their brackets.
json::array list_of(const json::value* value) {
  if (value == nullptr) return {};
  return value->is_array() ? value->get_array() : json::array{*value};
}

std::string text_of(const json::value& content) {
  std::string text;
  for (const auto& part : list_of(member(content, "parts"))) text += string_member(part, "text");
  return text;
}

json::value last_content(const json::value& request) {
  const auto contents = list_of(member(request, "contents"));
  for (auto one = contents.rbegin(); one != contents.rend(); ++one) {
    if (string_member(*one, "role") != "model") return *one;
  }
  return nullptr;
}

bool brings_result(const json::value& content) {
  return std::ranges::any_of(list_of(member(content, "parts")),
                             [](const auto& part) { return member(part, "functionResponse") != nullptr; });
}

const json::value* config_of(const json::value& request, std::string_view name) {
  const auto* config = member(request, "generationConfig");
  return config == nullptr ? nullptr : member(*config, name);
}

/// The function to call, or null.
json::value function_to_call(const json::value& request) {
  if (brings_result(last_content(request))) return nullptr;
  const auto* tool_config = member(request, "toolConfig");
  const auto* calling = tool_config == nullptr ? nullptr : member(*tool_config, "functionCallingConfig");
  if (calling != nullptr && string_member(*calling, "mode") == "NONE") return nullptr;
  const auto allowed = calling == nullptr ? json::array{} : list_of(member(*calling, "allowedFunctionNames"));
  for (const auto& tool : list_of(member(request, "tools"))) {
    for (const auto& function : list_of(member(tool, "functionDeclarations"))) {
      const auto name = string_member(function, "name");
      if (allowed.empty() || std::ranges::find(allowed, json::value(name)) != allowed.end()) return function;
    }
  }
  return nullptr;
}

json::array calls_of(const json::value& function, std::string_view proof, std::size_t count) {
  const auto* parameters = member(function, "parametersJsonSchema");
  if (parameters == nullptr) parameters = member(function, "parameters");
  const auto word = fmt::format("proof:{}", proof);
  json::array parts;
  for (std::size_t index = 0; index < count; ++index) {
    json::object part{{"functionCall",
                       {{"id", fmt::format("{}{:02x}", proof.substr(0, 8), index)},
                        {"name", string_member(function, "name")},
                        {"args", parameters == nullptr ? json::value(json::object{}) : sample_of(*parameters, word)}}}};
    // The first of several calls carries the signature for all.
    if (index == 0) part["thoughtSignature"] = fmt::format("{}AAA=", proof);
    parts.push_back(std::move(part));
  }
  return parts;
}

/// The content that `responseMimeType` asks for; empty where it asks for no JSON.
std::string json_content(const json::value& request, std::string_view proof) {
  const auto* type = config_of(request, "responseMimeType");
  if (type == nullptr || *type != "application/json") return {};
  const auto word = fmt::format("proof:{}", proof);
  const auto* schema = config_of(request, "responseJsonSchema");
  if (schema == nullptr) schema = config_of(request, "responseSchema");
  return json::serialize(schema == nullptr ? json::value(json::object{{"answer", word}}) : sample_of(*schema, word));
}

void cut(candidate& one, std::size_t limit) {
  if (one.thoughts.size() + one.text.size() <= limit) return;
  one.thoughts.resize(std::min(one.thoughts.size(), limit));
  one.text.resize(std::min(one.text.size(), limit - one.thoughts.size()));
  one.finish = "MAX_TOKENS";
}

/// Google takes names in either spelling, and its SDK for Python sends both.
bool wants_thoughts(const json::value& request) {
  const auto* thinking = config_of(request, "thinkingConfig");
  return thinking != nullptr && (is_true(*thinking, "includeThoughts") || is_true(*thinking, "include_thoughts"));
}

candidate candidate_for(const json::value& request, std::string_view proof, const call& asked, std::size_t index) {
  candidate one;
  const auto question = question_of(request);
  if (wants_thoughts(request)) {
    one.thoughts = tokens_of(reasoning_text(proof, question));
  }
  if (const auto function = function_to_call(request); !function.is_null()) {
    one.calls = calls_of(function, proof, asked.wish.tool_calls);
  } else {
    const auto formatted = json_content(request, proof);
    one.text = tokens_of(formatted.empty() ? answer_text(proof, question, asked.wish.text_bytes, index) : formatted);
  }
  const auto* limit = config_of(request, "maxOutputTokens");
  if (limit != nullptr && limit->is_int64() && limit->get_int64() >= 0) {
    cut(one, static_cast<std::size_t>(limit->get_int64()));
  }
  if (question.find("unspeakable") != std::string::npos) {
    one = {.thoughts = {}, .text = {}, .calls = {}, .finish = "SAFETY"};
  }
  if (!asked.wish.finish.empty()) one.finish = asked.wish.finish;
  return one;
}

}  // namespace

std::string question_of(const json::value& request) { return text_of(last_content(request)); }

std::size_t prompt_tokens_of(const json::value& request) {
  std::size_t tokens = 1;
  for (const auto* name : {"contents", "systemInstruction", "tools"}) {
    if (const auto* found = member(request, name)) tokens += token_estimate(json::serialize(*found)) / 2;
  }
  return tokens;
}

turn turn_for(const json::value& request, std::string_view proof, const call& asked) {
  const auto* wanted = config_of(request, "candidateCount");
  const auto count = wanted != nullptr && wanted->is_int64() ? std::clamp<std::int64_t>(wanted->get_int64(), 1, 8) : 1;
  turn said{.candidates = {}, .prompt_tokens = prompt_tokens_of(request)};
  for (std::size_t index = 0; index < static_cast<std::size_t>(count); ++index) {
    said.candidates.push_back(candidate_for(request, proof, asked, index));
  }
  return said;
}

}  // namespace refrain::mock::gemini
