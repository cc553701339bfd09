#include <gtest/gtest.h>

#include "provider/families/anthropic.h"
#include "provider/families/gemini.h"
#include "provider/families/ollama.h"
#include "provider/families/openai.h"

namespace refrain::provider {
namespace {

struct answering {
  std::string_view name;
  const dialect& wire;
  wire_form form;
  std::string_view body;
};

class answer_texts : public ::testing::TestWithParam<answering> {};

TEST_P(answer_texts, are_the_words_alone) {
  const auto& what = GetParam();
  EXPECT_EQ(what.wire.answer_text({.form = what.form, .body = what.body, .marks = {}}), "Yes,\n“it” is.");
}

INSTANTIATE_TEST_SUITE_P(
    each, answer_texts,
    ::testing::Values(
        answering{
            "openai_chat", openai_chat, wire_form::plain,
            R"({"id":"c1","choices":[{"index":0,"message":{"role":"assistant","content":"Yes,\n\u201cit\u201d is."},)"
            R"("finish_reason":"stop"}],"usage":{"total_tokens":9}})"},
        answering{"openai_chat_streamed", openai_chat, wire_form::stream,
                  "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":"
                  "{\"role\":\"assistant\",\"content\":\"Yes,\\n\"}}]}\n\n"
                  "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":"
                  "{\"content\":\"“it” is.\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"},
        answering{"openai_completions", openai_completions, wire_form::plain,
                  R"({"id":"c1","choices":[{"text":"Yes,\n“it” is.","finish_reason":"stop"}]})"},
        answering{"openai_responses", openai_responses, wire_form::plain,
                  R"({"output":[{"type":"reasoning","summary":[]},{"type":"message","content":)"
                  R"([{"type":"output_text","text":"Yes,\n“it” is."}]}]})"},
        answering{"anthropic", anthropic_messages, wire_form::plain,
                  R"({"id":"m1","content":[{"type":"text","text":"Yes,"},{"type":"text","text":"“it” is."}]})"},
        answering{"gemini", gemini_content, wire_form::plain,
                  R"({"candidates":[{"content":{"role":"model","parts":[{"text":"Yes,\n“it” is."}]}}]})"},
        answering{"ollama_chat", ollama_chat, wire_form::plain,
                  R"({"model":"m","message":{"role":"assistant","content":"Yes,\n“it” is."},"done":true})"},
        answering{"ollama_generate", ollama_generate, wire_form::plain,
                  R"({"model":"m","response":"Yes,\n“it” is.","done":true})"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(answer_text, is_nothing_where_no_words_are) {
  EXPECT_FALSE(openai_chat.answer_text({.form = wire_form::plain, .body = "{", .marks = {}}));
  EXPECT_FALSE(openai_chat.answer_text(
      {.form = wire_form::plain, .body = R"({"choices":[{"message":{"content":null}}]})", .marks = {}}));
  EXPECT_FALSE(openai_embeddings.answer_text({.form = wire_form::plain, .body = R"({"data":[]})", .marks = {}}));
}

}  // namespace
}  // namespace refrain::provider
