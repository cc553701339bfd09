#include <gtest/gtest.h>

#include "mock/proof.h"
#include "support/mock/call.h"

namespace refrain::mock {
namespace {

namespace json = boost::json;

const provider& api = test::provider_at("/api/chat");

call chatting(const std::string& more = "") {
  return test::calling("/api/chat",
                       R"({"model":"llama3.2","messages":[{"role":"user","content":"Why?"}])" + more + "}");
}

call prompting(const std::string& more = "") {
  return test::calling("/api/generate", R"({"model":"llama3.2","prompt":"Why?")" + more + "}");
}

json::object body_of(const answer& reply) {
  EXPECT_EQ(reply.status, 200U);
  EXPECT_EQ(reply.content_type, "application/json; charset=utf-8");
  return json::parse(reply.pieces.front()).as_object();
}

json::array lines_of(const answer& reply) {
  EXPECT_EQ(reply.content_type, "application/x-ndjson");
  json::array lines;
  for (const auto& piece : reply.pieces) {
    EXPECT_TRUE(piece.ends_with('\n'));
    lines.push_back(json::parse(piece));
  }
  return lines;
}

std::string gathered(const json::array& lines, std::string_view pointer) {
  std::string text;
  json::error_code fault;
  for (const auto& line : lines) {
    if (const auto* part = line.find_pointer(pointer, fault)) text += part->as_string();
  }
  return text;
}

TEST(ollama, chats_in_lines_unless_told_otherwise) {
  const std::string more = R"(,"think":true)";
  const auto lines = lines_of(test::answered(chatting(more)));
  const auto plain = body_of(test::answered(chatting(more + R"(,"stream":false)")));
  ASSERT_GT(lines.size(), 3U);
  EXPECT_EQ(gathered(lines, "/message/content"), plain.at("message").at("content").as_string());
  EXPECT_EQ(gathered(lines, "/message/thinking"), plain.at("message").at("thinking").as_string());
  EXPECT_TRUE(plain.at("message").at("content").as_string().starts_with("proof:" + *proof_of(chatting(more).body)));
  for (const auto* const name : {"done", "done_reason", "eval_count", "prompt_eval_count"}) {
    EXPECT_EQ(lines.back().at(name), plain.at(name)) << name;
  }
  EXPECT_EQ(lines.front().at("done"), false);
  EXPECT_EQ(body_of(test::answered(chatting(R"(,"keep_alive":"5m","stream":false)"))).at("message"),
            body_of(test::answered(chatting(R"(,"stream":false)"))).at("message"));
}

TEST(ollama, generates_whatever_else_the_request_holds) {
  for (const auto* const more : {R"(,"messages":"x")", R"(,"messages":[])", R"(,"options":[1])", R"(,"tools":{})"}) {
    EXPECT_FALSE(lines_of(test::answered(prompting(more))).empty()) << more;
  }
}

TEST(ollama, generates_from_a_prompt_and_gives_a_context) {
  const auto lines = lines_of(test::answered(prompting()));
  const auto plain = body_of(test::answered(prompting(R"(,"stream":false)")));
  EXPECT_EQ(gathered(lines, "/response"), plain.at("response").as_string());
  EXPECT_EQ(lines.back().at("context"), plain.at("context"));
}

TEST(ollama, calls_a_tool_and_answers_with_its_result) {
  const std::string tools =
      R"(,"tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object","properties":{"n":{"type":"integer"}}}}}])";
  const auto lines = lines_of(test::answered(chatting(tools)));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines.front().at_pointer("/message/tool_calls/0/function/arguments/n"), 7);
  const auto next = test::calling(
      "/api/chat", R"({"model":"m","stream":false,"messages":[{"role":"tool","content":"1"}])" + tools + "}");
  EXPECT_FALSE(body_of(test::answered(next)).at("message").as_object().contains("tool_calls"));
}

TEST(ollama, keeps_to_format_and_length) {
  const auto cut = body_of(test::answered(chatting(R"(,"stream":false,"options":{"num_predict":3})")));
  EXPECT_EQ(cut.at("done_reason"), "length");
  EXPECT_EQ(cut.at("eval_count"), 3);
  EXPECT_EQ(
      body_of(test::answered(chatting(R"(,"stream":false,"format":{"type":"integer"})"))).at("message").at("content"),
      "7");
  EXPECT_TRUE(
      json::parse(body_of(test::answered(prompting(R"(,"stream":false,"format":"json")"))).at("response").as_string())
          .is_object());
}

TEST(ollama, loads_and_unloads_a_model) {
  const auto done = [](const answer& reply) { return body_of(reply).at("done_reason"); };
  EXPECT_EQ(done(test::answered(test::calling("/api/chat", R"({"model":"m"})"))), "load");
  EXPECT_EQ(done(test::answered(test::calling("/api/chat", R"({"model":"m","messages":[],"keep_alive":0})"))),
            "unload");
  EXPECT_EQ(done(test::answered(test::calling("/api/generate", R"({"model":"m"})"))), "load");
}

TEST(ollama, breaks_off_where_it_is_told_to) {
  auto asked = chatting();
  asked.how.error_event = 2;
  const auto broken = lines_of(test::answered(asked));
  ASSERT_EQ(broken.size(), 3U);
  EXPECT_TRUE(broken.back().as_object().contains("error"));
  auto endless = chatting();
  endless.how.no_done = true;
  EXPECT_EQ(lines_of(test::answered(endless)).back().at("done"), false);
}

TEST(ollama, embeds_each_text_alike_wherever_it_stands) {
  const auto ask = [](const std::string& input) {
    return body_of(test::answered(test::calling("/api/embed", R"({"model":"m","input":)" + input + "}")));
  };
  const auto both = ask(R"(["a","b"])");
  EXPECT_EQ(both.at("embeddings").as_array().size(), 2U);
  EXPECT_EQ(both.at("embeddings").at(1), ask(R"("b")").at("embeddings").at(0));
  EXPECT_TRUE(ask(R"("")").at("embeddings").as_array().empty());
  const auto old = body_of(test::answered(test::calling("/api/embeddings", R"({"model":"m","prompt":"a"})")));
  EXPECT_EQ(old.at("embedding"), both.at("embeddings").at(0));
}

TEST(ollama, lists_its_models) {
  const auto models = body_of(test::answered({.method = "GET", .target = "/api/tags"})).at("models");
  EXPECT_EQ(models.at(0).at("name"), "llama3.2:latest");
  EXPECT_EQ(models.at(0).at_pointer("/details/families/0"), "llama");
  EXPECT_EQ(body_of(test::answered({.method = "GET", .target = "/api/version"})).at("version"), "0.12.6");
}

TEST(ollama, refuses_in_its_own_shape) {
  EXPECT_EQ(test::answered(test::calling("/api/chat", "{}")).pieces.front(), R"({"error":"model is required"})");
  EXPECT_EQ(test::answered(test::calling("/api/embed", "x")).status, 400U);
  EXPECT_EQ(api.refuse(chatting(), {.status = 404, .message = "model 'x' not found"}).status, 404U);
}

}  // namespace
}  // namespace refrain::mock
