#include "provider/json/json_place.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "provider/registry.h"

namespace refrain::provider {
namespace {

/// A request, with a `$` where a value stands.
struct request_with_hole {
  std::string_view family;
  std::string_view path;
  std::string_view body;

  [[nodiscard]] base::digest256 content(std::string_view value) const {
    std::string filled{body};
    filled.replace(filled.find('$'), 1, value);
    const auto* const row = find_endpoint(family, path);
    const auto parsed = row->wire.read({.path = path, .query = {}, .body = filled});
    EXPECT_EQ(parsed.why_not, uncacheable_reason::none) << filled;
    return parsed.content;
  }
};

constexpr std::string_view chat = "/chat/completions";
constexpr std::string_view generate = "/v1beta/models/m:generateContent";

const std::vector<request_with_hole>& schemas() {
  static const std::vector<request_with_hole> all{
      {"openai", chat,
       R"({"model":"m","messages":[],"response_format":{"type":"json_schema","json_schema":{"schema":$}}})"},
      {"openai", chat, R"({"model":"m","messages":[],"response_format":{"type":"json_object","schema":$}})"},
      {"openai", chat,
       R"({"model":"m","messages":[],"tools":[{"type":"function","function":{"name":"f","parameters":$}}]})"},
      {"openai", chat, R"({"model":"m","messages":[],"functions":[{"name":"f","parameters":$}]})"},
      {"openai", chat, R"({"model":"m","messages":[],"guided_json":$})"},
      {"openai", chat, R"({"model":"m","messages":[],"structured_outputs":{"json":$}})"},
      {"openai", "/completions", R"({"model":"m","prompt":"a","guided_json":$})"},
      {"openai", "/responses",
       R"({"model":"m","input":"a","text":{"format":{"type":"json_schema","name":"n","schema":$}}})"},
      {"openai", "/responses", R"({"model":"m","input":"a","tools":[{"type":"function","name":"f","parameters":$}]})"},
      {"anthropic", "/messages",
       R"({"model":"m","max_tokens":9,"messages":[],"tools":[{"name":"t","input_schema":$}]})"},
      {"anthropic", "/messages",
       R"({"model":"m","max_tokens":9,"messages":[],"output_config":{"format":{"type":"json_schema","schema":$}}})"},
      {"gemini", generate, R"({"contents":[{"parts":[{"text":"a"}]}],"generationConfig":{"responseSchema":$}})"},
      {"gemini", generate, R"({"contents":[{"parts":[{"text":"a"}]}],"generationConfig":{"responseJsonSchema":$}})"},
      {"gemini", generate,
       R"({"contents":[{"parts":[{"text":"a"}]}],"tools":[{"functionDeclarations":[{"name":"f","parameters":$}]}]})"},
      {"ollama", "/api/chat", R"({"model":"m","messages":[{"role":"user","content":"a"}],"format":$})"},
      {"ollama", "/api/generate", R"({"model":"m","prompt":"a","format":$})"},
  };
  return all;
}

TEST(schemas, properties_are_keyed_in_their_order) {
  for (const auto& one : schemas()) {
    const auto content = one.content(R"({"type":"object","properties":{"b":{"type":"string"},"a":{"type":"number"}}})");
    EXPECT_NE(one.content(R"({"type":"object","properties":{"a":{"type":"number"},"b":{"type":"string"}}})"), content)
        << one.body;
    EXPECT_EQ(one.content(R"({ "properties":{"\u0062":{"type":"string"}, "a":{"type":"number"}},"type":"object"})"),
              content)
        << one.body << ": only the order of properties means something";
  }
}

TEST(schemas, hold_each_other) {
  const std::string first = R"({"properties":{"y":{"a":1,"b":2},"x":{}}})";
  const std::string second = R"({"properties":{"x":{},"y":{"a":1,"b":2}}})";
  for (const std::string_view holder :
       {R"({"items":$})", R"({"anyOf":[{"type":"null"},$]})", R"({"$defs":{"d":$}})", R"({"properties":{"p":$}})",
        R"({"properties":{"properties":$}})", R"({"not":$})", R"({"additionalProperties":$})"}) {
    const auto fill = [&](std::string_view with) {
      const auto at = holder.rfind('$');
      return std::string{holder.substr(0, at)}.append(with).append(holder.substr(at + 1));
    };
    for (const auto& one : schemas()) EXPECT_NE(one.content(fill(first)), one.content(fill(second))) << fill(first);
  }
}

TEST(schemas, order_means_nothing_elsewhere) {
  const std::vector<std::pair<std::string, std::string>> twins{
      {R"({"type":"object","required":["a"]})", R"({"required":["a"],"type":"object"})"},
      {R"({"properties":{"a":{"type":"string","title":"A"}}})",
       R"({"properties":{"a":{"title":"A","type":"string"}}})"},
      {R"({"properties":{"properties":{"type":"string","title":"A"}}})",
       R"({"properties":{"properties":{"title":"A","type":"string"}}})"},
      {R"({"default":{"properties":{"a":1,"b":2}}})", R"({"default":{"properties":{"b":2,"a":1}}})"},
      {R"({"enum":[{"properties":{"a":1,"b":2}}]})", R"({"enum":[{"properties":{"b":2,"a":1}}]})"},
      {R"({"$defs":{"a":{},"b":{}}})", R"({"$defs":{"b":{},"a":{}}})"}};
  for (const auto& one : schemas()) {
    for (const auto& [first, second] : twins) EXPECT_EQ(one.content(first), one.content(second)) << first << one.body;
  }
  for (
      const request_with_hole& other : std::vector<request_with_hole>{
          {"openai", chat, R"({"model":"m","messages":[{"role":"user","content":"a","x":$}]})"},
          {"openai", chat, R"({"model":"m","messages":[],"x":$})"},
          {"openai", chat, R"({"model":"m","messages":[],"tools":[{"type":"function","x":$}]})"},
          {"openai", "/embeddings", R"({"model":"m","input":"a","x":$})"},
          {"anthropic", "/messages",
           R"({"model":"m","max_tokens":9,"messages":[{"role":"assistant","content":[{"type":"tool_use","input":$}]}]})"},
          {"gemini", generate, R"({"contents":[{"parts":[{"functionCall":{"name":"f","args":$}}]}]})"}}) {
    EXPECT_EQ(other.content(R"({"properties":{"a":1,"b":2}})"), other.content(R"({"properties":{"b":2,"a":1}})"))
        << other.body;
  }
}

TEST(schemas, a_property_may_not_be_named_twice) {
  const auto* const row = find_endpoint("openai", chat);
  const auto parsed =
      row->wire.read({.path = chat,
                      .query = {},
                      .body = R"({"model":"m","messages":[],"guided_json":{"properties":{"b":1,"a":2,"b":3}}})"});
  EXPECT_EQ(parsed.why_not, uncacheable_reason::ambiguous_body);
}

}  // namespace
}  // namespace refrain::provider
