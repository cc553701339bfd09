#include "provider/families/ollama.h"

#include <gtest/gtest.h>

#include <string>

#include "support/provider/reading.h"

namespace refrain::provider {
namespace {

entry::parsed_request chat(std::string_view body) {
  return ollama_chat.read({.path = "/api/chat", .query = {}, .body = body});
}
entry::parsed_request prompt(std::string_view body) {
  return ollama_generate.read({.path = "/api/generate", .query = {}, .body = body});
}

TEST(ollama_requests, ask_for_lines_unless_they_decline_them) {
  const std::string_view lines = R"({"model":"m","messages":[{"role":"user","content":"hi"}]})";
  const std::string_view plain = R"({"stream":false,"model":"m","messages":[{"role":"user","content":"hi"}]})";
  EXPECT_EQ(chat(lines).form, wire_form::stream);
  EXPECT_TRUE(chat(lines).wants_usage);
  EXPECT_EQ(chat(plain).form, wire_form::plain);
  EXPECT_EQ(chat(plain).content, chat(lines).content);
  EXPECT_EQ(chat(lines).query, "hi");
  EXPECT_EQ(chat(lines).model, "m");
  EXPECT_EQ(prompt(R"({"model":"m","prompt":"hi","stream":null})").form, wire_form::stream);
  EXPECT_EQ(prompt(R"({"model":"m","prompt":"hi","stream":true})").query, "hi");
}

TEST(ollama_requests, are_one_however_long_the_model_stays_loaded) {
  EXPECT_EQ(prompt(R"({"model":"m","prompt":"hi","keep_alive":"1h"})").content,
            prompt(R"({"model":"m","prompt":"hi"})").content);
  for (const auto* const member :
       {R"("options":{"seed":1})", R"("context":[1])", R"("raw":true)", R"("template":"x")", R"("system":"x")",
        R"("images":["AA=="])", R"("think":true)", R"("format":"json")"}) {
    const auto other = R"({"model":"m","prompt":"hi",)" + std::string(member) + "}";
    EXPECT_NE(prompt(other).content, prompt(R"({"model":"m","prompt":"hi"})").content) << member;
  }
}

TEST(ollama_requests, that_only_load_a_model_are_not_cached) {
  for (const auto* const body :
       {R"({"model":"m"})", R"({"model":"m","messages":[]})", R"({"model":"m","messages":null,"keep_alive":0})"}) {
    EXPECT_EQ(chat(body).why_not, uncacheable_reason::upstream_effect) << body;
  }
  EXPECT_EQ(prompt(R"({"model":"m","keep_alive":0})").why_not, uncacheable_reason::upstream_effect);
  EXPECT_EQ(prompt(R"({"model":"m","prompt":""})").why_not, uncacheable_reason::upstream_effect);
}

TEST(ollama_requests, that_are_not_understood_are_the_upstreams) {
  for (const auto* const body : {"{}", "[]", R"({"messages":[{}]})", R"({"model":"m","messages":{}})",
                                 R"({"model":"m","messages":[{}],"stream":"no"})"}) {
    EXPECT_EQ(chat(body).why_not, uncacheable_reason::malformed_body) << body;
  }
  EXPECT_EQ(prompt(R"({"model":"m","prompt":["a"]})").why_not, uncacheable_reason::malformed_body);
}

TEST(ollama_lines, become_one_answer) {
  const auto merged = testing::merge(
      ollama_chat,
      "{\"model\":\"m\",\"created_at\":\"1\",\"message\":{\"role\":\"assistant\",\"content\":\"a\\u00e9\"},\"done\":"
      "false}\n"
      "\r\n"
      "{\"model\":\"m\",\"created_at\":\"2\",\"message\":{\"role\":\"assistant\",\"content\":\"b\","
      "\"tool_calls\":[{\"id\":\"1\"}]},\"done\":false}\r\n"
      "{\"model\":\"m\",\"created_at\":\"3\",\"message\":{\"content\":\"\",\"tool_calls\":[{\"id\":\"2\"}]},"
      "\"done\":true,\"x\":1.50}");
  ASSERT_TRUE(merged);
  EXPECT_EQ(*merged,
            "{\"model\":\"m\",\"created_at\":\"3\",\"message\":{\"role\":\"assistant\",\"content\":\"a\\u00e9b\","
            "\"tool_calls\":[{\"id\":\"1\"},{\"id\":\"2\"}]},\"done\":true,\"x\":1.50}");
}

TEST(ollama_lines, that_do_not_go_together_stay_lines) {
  EXPECT_FALSE(testing::merge(ollama_chat, "{\"response\":\"a\"}\n{\"response\":1}\n"));
  EXPECT_FALSE(testing::merge(ollama_chat, "{\"message\":1}\n"));
  EXPECT_FALSE(testing::merge(ollama_chat, "{\"response\":\"a\"}\nx\n"));
}

TEST(ollama_lines, made_of_a_plain_answer_end_with_one_that_says_nothing_more) {
  const auto lines = testing::split(
      ollama_chat,
      R"({"model":"m","created_at":"1","response":"hi","thinking":"hm","done":true,"context":[1],"eval_count":2})");
  ASSERT_TRUE(lines);
  EXPECT_EQ(
      *lines,
      "{\"model\":\"m\",\"created_at\":\"1\",\"response\":\"hi\",\"thinking\":\"hm\",\"done\":false}\n"
      "{\"model\":\"m\",\"created_at\":\"1\",\"response\":\"\",\"done\":true,\"context\":[1],\"eval_count\":2}\n");
  EXPECT_FALSE(testing::split(ollama_chat, "[]"));
}

TEST(ollama_lines, made_of_a_plain_answer_hold_a_few_words_each) {
  const std::string plain =
      R"({"model":"m","message":{"role":"assistant","content":"The capital of Norway is Oslo."},"done":true})";
  const auto lines = testing::split(ollama_chat, plain);
  ASSERT_TRUE(lines);
  EXPECT_EQ(*lines, R"({"model":"m","message":{"role":"assistant","content":"The capital of Norway"},"done":false})"
                    "\n"
                    R"({"model":"m","message":{"role":"assistant","content":" is Oslo."},"done":false})"
                    "\n"
                    R"({"model":"m","message":{"role":"assistant","content":""},"done":true})"
                    "\n");
  EXPECT_EQ(testing::merge(ollama_chat, *lines).value(), plain);
}

TEST(ollama_lines, of_which_one_says_anew_what_is_not_known_stay_lines) {
  EXPECT_FALSE(testing::merge(ollama_chat, "{\"response\":\"a\",\"n\":1}\n{\"response\":\"b\",\"n\":2}\n"));
  EXPECT_TRUE(testing::merge(ollama_chat, "{\"response\":\"a\",\"n\":1}\n{\"response\":\"b\",\"n\":1}\n"));
}

TEST(ollama_answers, count_their_tokens) {
  const auto judged = testing::read_at_once(
      ollama_generate, wire_form::stream,
      "{\"response\":\"a\",\"done\":false}\n"
      "{\"response\":\"\",\"done\":true,\"done_reason\":\"length\",\"prompt_eval_count\":7,\"eval_count\":3}\n");
  EXPECT_EQ(judged.why_not, uncacheable_reason::none);
  EXPECT_EQ(judged.usage, (entry::token_usage{.input = 7, .cached_input = {}, .output = 3}));
}

}  // namespace
}  // namespace refrain::provider
