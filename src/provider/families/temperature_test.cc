#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "provider/families/anthropic.h"
#include "provider/families/gemini.h"
#include "provider/families/ollama.h"
#include "provider/families/openai.h"
#include "provider/rules/dialect.h"

namespace refrain::provider {
namespace {

struct temperature_case {
  std::string_view name;
  const dialect* wire;
  std::string_view body;  ///< `@` stands for more members of the object that holds the temperature
  std::optional<double> usual;
  std::string_view path = "/";
};

const temperature_case cases[]{
    {"chat", &openai_chat, R"({"model":"m","messages":[]@})", 1},
    {"completions", &openai_completions, R"({"model":"m","prompt":"hi"@})", 1},
    {"responses", &openai_responses, R"({"model":"m","input":"hi"@})", 1},
    {"messages", &anthropic_messages, R"({"model":"m","messages":[],"max_tokens":1@})", 1},
    {"gemini", &gemini_content, R"({"contents":[],"generationConfig":{"topK":1@}})", 1,
     "/v1beta/models/m:generateContent"},
    {"gemini_in_snakes", &gemini_content, R"({"contents":[],"generation_config":{"topK":1@}})", 1,
     "/v1beta/models/m:generateContent"},
    {"ollama", &ollama_chat, R"({"model":"m","messages":[{}],"options":{"seed":1@}})", 0.8},
    {"ollama_generate", &ollama_generate, R"({"model":"m","prompt":"hi","options":{"seed":1@}})", 0.8},
    {"embeddings", &openai_embeddings, R"({"model":"m","input":"hi"@})", std::nullopt},
};

class temperatures : public ::testing::TestWithParam<temperature_case> {};

TEST_P(temperatures, are_read_where_tokens_are_sampled) {
  const auto& how = GetParam();
  const auto read = [&](std::string_view more) {
    std::string body{how.body};
    body.replace(body.find('@'), 1, more);
    return how.wire->read({.path = how.path, .query = {}, .body = body}).temperature;
  };
  EXPECT_EQ(read(""), how.usual);
  EXPECT_EQ(read(R"(,"temperature":null)"), how.usual);
  EXPECT_EQ(read(R"(,"temperature":"hot")"), how.usual);
  if (!how.usual) return;
  EXPECT_EQ(read(R"(,"temperature":0)"), 0);
  EXPECT_EQ(read(R"(,"temperature":2.50e-1)"), 0.25);
}

INSTANTIATE_TEST_SUITE_P(each, temperatures, ::testing::ValuesIn(cases),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace refrain::provider
