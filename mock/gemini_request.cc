#include "mock/gemini_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "mock/json.h"
#include "mock/text.h"

namespace refrain::mock::gemini {
namespace {

namespace json = boost::json;

/// Lists that have one element may stand without their brackets.
json::array loose_list(const json::value* value) {
  if (value == nullptr) return {};
  return value->is_array() ? value->get_array() : json::array{*value};
}

/// The last content that is not the model's, or null.
json::value last_content(const json::value& request) {
  const auto contents = loose_list(member(request, "contents"));
  for (auto one = contents.rbegin(); one != contents.rend(); ++one) {
    if (string_member(*one, "role") != "model") return *one;
  }
  return nullptr;
}

/// The function to call, where the question brings no function's result: the first that may be called.
std::optional<offered_tool> function_to_call(const json::value& request, const json::array& parts) {
  const bool brings_result =
      std::ranges::any_of(parts, [](const json::value& part) { return member(part, "functionResponse") != nullptr; });
  const auto* calling = find_in(request, "/toolConfig/functionCallingConfig");
  if (brings_result || string_member(calling, "mode") == "NONE") return std::nullopt;
  const auto allowed = loose_list(member(calling, "allowedFunctionNames"));
  for (const auto& tool : loose_list(member(request, "tools"))) {
    for (const auto& function : loose_list(member(tool, "functionDeclarations"))) {
      const auto name = string_member(function, "name");
      if (!allowed.empty() && std::ranges::find(allowed, json::value(name)) == allowed.end()) continue;
      const auto* schema = member(function, "parametersJsonSchema");
      if (schema == nullptr) schema = member(function, "parameters");
      return offered_tool{.name = std::string(name), .schema = schema == nullptr ? json::object{} : *schema};
    }
  }
  return std::nullopt;
}

/// The content that `responseMimeType` asks for; empty where it asks for no JSON.
std::string json_content(const json::value& request, std::string_view proof) {
  const auto* type = config_of(request, "responseMimeType");
  if (type == nullptr || *type != "application/json") return {};
  const auto* schema = config_of(request, "responseJsonSchema");
  return json_for(schema == nullptr ? config_of(request, "responseSchema") : schema, proof);
}

}  // namespace

const json::value* config_of(const json::value& request, std::string_view name) {
  return member(member(request, "generationConfig"), name);
}

question question_of(const json::value& request, std::string proof) {
  const auto parts = loose_list(member(last_content(request), "parts"));
  std::string text;
  for (const auto& part : parts) text += string_member(part, "text");
  // Google takes names in either spelling, and its SDK for Python sends both.
  const auto* thinking = config_of(request, "thinkingConfig");
  return {.proof = proof,
          .text = text,
          .thinks = is_true(thinking, "includeThoughts") || is_true(thinking, "include_thoughts"),
          .tool = function_to_call(request, parts),
          .json = json_content(request, proof),
          .limit = limit_member(member(request, "generationConfig"), "maxOutputTokens"),
          .words = {.stop = "STOP", .length = "MAX_TOKENS", .calls_tool = "STOP"}};
}

std::size_t prompt_tokens_of(const json::value& request) {
  std::size_t tokens = 1;
  for (const auto* name : {"contents", "systemInstruction", "tools"}) {
    if (const auto* found = member(request, name)) tokens += token_estimate(json::serialize(*found)) / 2;
  }
  return tokens;
}

}  // namespace refrain::mock::gemini
