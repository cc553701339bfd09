#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "provider/families/anthropic.h"
#include "provider/families/gemini.h"
#include "provider/families/ollama.h"
#include "provider/families/openai.h"

namespace refrain::provider {
namespace {

namespace json = boost::json;
using base::digest256;

/// A dialect's request; its last text is `TEXT`.
struct asking {
  std::string_view name;
  const dialect& wire;
  std::string_view path;
  std::string_view body;
};

constexpr std::string_view generate = "/v1beta/models/g:generateContent";

const std::vector<asking> requests{
    {"openai_chat", openai_chat, "/chat/completions",
     R"({"model":"m","temperature":0.5,"user":"u","tools":[],"messages":[)"
     R"({"role":"system","content":"be brief"},{"role":"user","content":"a"},{"role":"assistant","content":"b"},)"
     R"({"role":"user","name":"ann","content":"TEXT"}]})"},
    {"openai_chat_with_one_part", openai_chat, "/chat/completions",
     R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"TEXT"}]}]})"},
    {"openai_completions", openai_completions, "/completions", R"({"model":"m","max_tokens":5,"prompt":"TEXT"})"},
    {"openai_responses", openai_responses, "/responses", R"({"model":"m","instructions":"be brief","input":"TEXT"})"},
    {"openai_responses_with_items", openai_responses, "/responses",
     R"({"model":"m","input":[{"role":"user","content":"a"},{"type":"message","role":"assistant","content":"b"},)"
     R"({"type":"message","role":"user","content":[{"type":"input_text","text":"TEXT"}]}]})"},
    {"anthropic_messages", anthropic_messages, "/messages",
     R"({"model":"m","max_tokens":9,"system":"be brief","metadata":{"user_id":"u"},"messages":[)"
     R"({"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"TEXT"}]})"},
    {"anthropic_messages_with_one_part", anthropic_messages, "/messages",
     R"({"model":"m","max_tokens":9,"messages":[{"role":"user","content":)"
     R"([{"type":"text","text":"TEXT","cache_control":{"type":"ephemeral"}}]}]})"},
    {"gemini_content", gemini_content, generate,
     R"({"systemInstruction":{"parts":[{"text":"be brief"}]},"contents":[{"role":"user","parts":[{"text":"a"}]},)"
     R"({"role":"model","parts":[{"text":"b"}]},{"role":"user","parts":[{"text":"TEXT"}]}]})"},
    {"gemini_content_in_short", gemini_content, generate, R"({"contents":{"parts":{"text":"TEXT"}}})"},
    {"ollama_chat", ollama_chat, "/api/chat",
     R"({"model":"m","options":{"seed":1},"messages":[{"role":"system","content":"a"},)"
     R"({"role":"user","content":"TEXT","images":[]}]})"},
    {"ollama_generate", ollama_generate, "/api/generate",
     R"({"model":"m","system":"be brief","context":[1,2],"images":[],"prompt":"TEXT"})"},
};

std::string with_text(std::string_view body, const std::string& spelling) {
  std::string out{body};
  return out.replace(out.find("TEXT"), 4, spelling);
}

std::optional<semantic_view> view_of(const asking& what, std::string_view body) {
  return what.wire.semantic_view({.path = what.path, .query = {}, .body = body});
}

/// Gives `see` the request with each of its leaves changed, one at a time, but for the last text.
void change_each(json::value& whole, json::value& at, const std::function<void(const std::string&)>& see) {
  if (auto* const list = at.if_array()) {
    for (auto& one : *list) change_each(whole, one, see);
  } else if (auto* const object = at.if_object()) {
    for (auto& member : *object) change_each(whole, member.value(), see);
  } else if (!at.is_string() || at.as_string() != "TEXT") {
    const auto kept =
        std::exchange(at, at.is_string() ? json::value(std::string{at.as_string()} + "x") : json::value(77));
    see(json::serialize(whole));
    at = kept;
  }
}

class last_texts : public ::testing::TestWithParam<asking> {};

TEST_P(last_texts, are_seen_in_full_with_a_digest_of_the_rest) {
  const auto& what = GetParam();
  const auto one = view_of(what, with_text(what.body, "Why is\\n the \\u201csky\\u201d blue?"));
  ASSERT_TRUE(one.has_value());
  EXPECT_EQ(one->text, "Why is\n the “sky” blue?");
  const std::string length(3000, 'x');
  const auto other = view_of(what, with_text(what.body, length));
  ASSERT_TRUE(other.has_value());
  EXPECT_EQ(other->text, length);
  EXPECT_EQ(other->rest, one->rest);
  EXPECT_EQ(view_of(what, with_text(what.body, "?"))->rest, one->rest);
}

TEST_P(last_texts, share_a_digest_exactly_where_all_else_that_is_keyed_is_equal) {
  const auto& what = GetParam();
  const auto rest = view_of(what, what.body).value().rest;
  const auto content = what.wire.read({.path = what.path, .query = {}, .body = what.body}).content;
  auto whole = json::parse(what.body);
  change_each(whole, whole, [&](const std::string& changed) {
    const auto view = view_of(what, changed);
    if (!view) return;
    const auto parsed = what.wire.read({.path = what.path, .query = {}, .body = changed});
    EXPECT_EQ(view->rest == rest, parsed.content == content) << changed;
  });
}

INSTANTIATE_TEST_SUITE_P(each, last_texts, ::testing::ValuesIn(requests),
                         [](const auto& one) { return std::string(one.param.name); });

class no_last_texts : public ::testing::TestWithParam<asking> {};

TEST_P(no_last_texts, have_no_view) { EXPECT_FALSE(view_of(GetParam(), GetParam().body).has_value()); }

INSTANTIATE_TEST_SUITE_P(
    each, no_last_texts,
    ::testing::Values(
        asking{"no_json", openai_chat, "/chat/completions", "{"},
        asking{"no_text", openai_chat, "/chat/completions",
               R"({"model":"m","messages":[{"role":"user","content":""}]})"},
        asking{"no_messages", openai_chat, "/chat/completions", R"({"model":"m","messages":[]})"},
        asking{"the_models_words_last", openai_chat, "/chat/completions",
               R"({"model":"m","messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]})"},
        asking{"a_tools_result_last", openai_chat, "/chat/completions",
               R"({"model":"m","messages":[{"role":"user","content":"a"},{"role":"tool","content":"b"}]})"},
        asking{"an_image_beside_the_text", openai_chat, "/chat/completions",
               R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a"},)"
               R"({"type":"image_url","image_url":{"url":"x"}}]}]})"},
        asking{
            "an_image_alone", openai_chat, "/chat/completions",
            R"({"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}]})"},
        asking{"two_texts", openai_chat, "/chat/completions",
               R"({"model":"m","messages":[{"role":"user","content":[{"text":"a"},{"text":"b"}]}]})"},
        asking{"what_is_not_cached", openai_chat, "/chat/completions",
               R"({"model":"m","store":true,"messages":[{"role":"user","content":"a"}]})"},
        asking{"a_list_of_prompts", openai_completions, "/completions", R"({"model":"m","prompt":["a"]})"},
        asking{"what_stands_on_an_earlier_response", openai_responses, "/responses",
               R"({"model":"m","previous_response_id":"resp_1","input":"a"})"},
        asking{"a_tools_result_of_responses", openai_responses, "/responses",
               R"({"model":"m","input":[{"type":"function_call_output","call_id":"c","output":"a"}]})"},
        asking{"a_tools_result_of_anthropics", anthropic_messages, "/messages",
               R"({"model":"m","messages":[{"role":"user","content":[{"type":"tool_result","content":"a"}]}]})"},
        asking{"a_document", anthropic_messages, "/messages",
               R"({"model":"m","messages":[{"role":"user","content":[{"type":"document","source":{"data":"a"}}]}]})"},
        asking{"a_count_of_tokens", anthropic_count_tokens, "/messages/count_tokens",
               R"({"model":"m","messages":[{"role":"user","content":"a"}]})"},
        asking{"an_answer_of_geminis_function", gemini_content, generate,
               R"({"contents":[{"role":"function","parts":[{"text":"a"}]}]})"},
        asking{"a_picture_for_gemini", gemini_content, generate,
               R"({"contents":[{"parts":[{"text":"a"},{"inlineData":{"data":"x"}}]}]})"},
        asking{"a_part_with_more_than_a_text", gemini_content, generate,
               R"({"contents":[{"parts":[{"text":"a","inlineData":{"data":"x"}}]}]})"},
        asking{"images_for_ollamas_chat", ollama_chat, "/api/chat",
               R"({"model":"m","messages":[{"role":"user","content":"a","images":["x"]}]})"},
        asking{"images_for_ollama", ollama_generate, "/api/generate", R"({"model":"m","prompt":"a","images":["x"]})"},
        asking{"tools_for_openai", openai_chat, "/chat/completions",
               R"({"model":"m","tools":[{"type":"function"}],"messages":[{"role":"user","content":"a"}]})"},
        asking{"functions", openai_chat, "/chat/completions",
               R"({"model":"m","functions":[{"name":"f"}],"messages":[{"role":"user","content":"a"}]})"},
        asking{"an_earlier_use_of_a_tool", openai_chat, "/chat/completions",
               R"({"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"c"}]},)"
               R"({"role":"tool","tool_call_id":"c","content":"7"},{"role":"user","content":"a"}]})"},
        asking{"a_schema_for_openai", openai_chat, "/chat/completions",
               R"({"model":"m","response_format":{"type":"json_schema","json_schema":{"name":"s"}},)"
               R"("messages":[{"role":"user","content":"a"}]})"},
        asking{"several_answers", openai_chat, "/chat/completions",
               R"({"model":"m","n":2,"messages":[{"role":"user","content":"a"}]})"},
        asking{"a_schema_for_responses", openai_responses, "/responses",
               R"({"model":"m","input":"a","text":{"format":{"type":"json_schema","name":"s","schema":{"a":1}}}})"},
        asking{"an_earlier_result_for_anthropic", anthropic_messages, "/messages",
               R"({"model":"m","messages":[{"role":"user","content":[{"type":"tool_result","content":"a"}]},)"
               R"({"role":"assistant","content":"b"},{"role":"user","content":"c"}]})"},
        asking{"tools_for_anthropic", anthropic_messages, "/messages",
               R"({"model":"m","tools":[{"name":"t"}],"messages":[{"role":"user","content":"a"}]})"},
        asking{"tools_for_gemini", gemini_content, generate,
               R"({"tools":[{"googleSearch":{"a":1}}],"contents":[{"parts":[{"text":"a"}]}]})"},
        asking{"a_schema_for_gemini", gemini_content, generate,
               R"({"generationConfig":{"responseSchema":{"type":"OBJECT"}},"contents":[{"parts":[{"text":"a"}]}]})"},
        asking{"several_answers_of_gemini", gemini_content, generate,
               R"({"generationConfig":{"candidateCount":3},"contents":[{"parts":[{"text":"a"}]}]})"},
        asking{"a_schema_for_ollama", ollama_generate, "/api/generate",
               R"({"model":"m","prompt":"a","format":{"type":"object","properties":{"a":{}}}})"},
        asking{"an_embedding", openai_embeddings, "/embeddings", R"({"model":"m","input":"a"})"},
        asking{"speech", openai_speech, "/audio/speech", R"({"model":"m","voice":"v","input":"a"})"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(last_text, of_gemini_has_the_target_in_the_rest) {
  const std::string_view body = R"({"contents":[{"parts":[{"text":"a"}]}]})";
  const auto rest_at = [&](std::string_view path, std::string_view query) {
    return gemini_content.semantic_view({.path = path, .query = query, .body = body}).value().rest;
  };
  const auto rest = rest_at(generate, "");
  EXPECT_EQ(rest_at(generate, "key=k"), rest);
  EXPECT_EQ(rest_at("/v1beta/models/g:streamGenerateContent", "alt=sse"), rest);
  EXPECT_NE(rest_at("/v1beta/models/h:generateContent", ""), rest);
  EXPECT_NE(rest_at(generate, "fields=a"), rest);
}

}  // namespace
}  // namespace refrain::provider
