#include "mock/routes.h"

#include <gtest/gtest.h>

#include "support/mock/call.h"

namespace refrain::mock {
namespace {

TEST(pattern, star_stands_for_any_text) {
  EXPECT_TRUE(fits("*/chat/completions", "/chat/completions"));
  EXPECT_TRUE(fits("*/chat/completions", "/openai/v1/chat/completions"));
  EXPECT_FALSE(fits("*/chat/completions", "/chat/completions/1"));
  EXPECT_TRUE(fits("*/bytes/*", "/bytes/1"));
  EXPECT_TRUE(fits("*/bytes/*", "/bytes/"));
  EXPECT_FALSE(fits("*/bytes/*", "/bytes"));
}

/// The row of a call: whose it is, and its pattern.
std::string row_of(std::string method, std::string target, std::vector<header> headers = {}) {
  const auto& row =
      find_route({.method = std::move(method), .target = std::move(target), .headers = std::move(headers)});
  return std::string(row.speaks->name).append(" ").append(row.pattern);
}

TEST(route, is_found_by_method_and_path) {
  EXPECT_EQ(row_of("POST", "/v1/chat/completions"), "openai */chat/completions");
  EXPECT_EQ(row_of("POST", "/v1/completions"), "openai */completions");
  EXPECT_EQ(row_of("POST", "/v1/responses"), "openai */responses");
  EXPECT_EQ(row_of("POST", "/v1/messages"), "anthropic */messages");
  EXPECT_EQ(row_of("POST", "/anthropic/v1/messages/count_tokens"), "anthropic */messages/count_tokens");
  EXPECT_EQ(row_of("GET", "/v1/models"), "openai */models");
  EXPECT_EQ(row_of("GET", "/models/gpt-4o"), "openai */models/*");
  EXPECT_EQ(row_of("HEAD", "/bytes/7"), "openai */bytes/*");
  EXPECT_TRUE(find_route({.method = "PATCH", .target = "/anything/at/all"}).sends_back());
}

TEST(route, of_gemini_is_told_by_its_verb) {
  for (const std::string verb : {"generateContent", "streamGenerateContent", "batchEmbedContents", "countTokens"}) {
    EXPECT_EQ(row_of("POST", "/v1beta/models/gemini-2.5-flash:" + verb), "gemini */models/*:" + verb);
  }
  EXPECT_EQ(row_of("GET", "/v1beta/models"), "gemini */v1beta/models");
  EXPECT_EQ(row_of("GET", "/v1/models", {{"x-goog-api-key", "x"}}), "gemini */models");
  EXPECT_EQ(row_of("GET", "/v1beta/models/m"), "gemini */v1beta/models/*");
}

TEST(route, of_ollama_stands_below_api) {
  for (const std::string path : {"/api/chat", "/api/generate", "/api/embed", "/api/embeddings"}) {
    EXPECT_EQ(row_of("POST", path), "ollama *" + path);
  }
  for (const std::string path : {"/api/tags", "/api/version"}) EXPECT_EQ(row_of("GET", path), "ollama *" + path);
}

TEST(route, of_speech_is_the_most_particular_one) {
  EXPECT_EQ(row_of("POST", "/v1/audio/speech"), "openai */audio/speech");
  EXPECT_EQ(row_of("POST", "/text-to-speech"), "sarvam */text-to-speech");
  EXPECT_EQ(row_of("POST", "/text-to-speech/stream"), "sarvam */text-to-speech/stream");
  EXPECT_EQ(row_of("POST", "/v1/text-to-speech/v"), "elevenlabs */text-to-speech/*");
  EXPECT_EQ(row_of("POST", "/v1/text-to-speech/v/stream/with-timestamps"), "elevenlabs */text-to-speech/*");
}

TEST(route, that_providers_share_is_told_by_how_the_client_shows_its_key) {
  EXPECT_EQ(row_of("GET", "/v1/models", {{"XI-API-Key", "x"}}), "elevenlabs */models");
  EXPECT_EQ(row_of("GET", "/v1/models", {{"authorization", "Bearer x"}}), "openai */models");
  EXPECT_EQ(row_of("POST", "/v1/chat/completions", {{"api-subscription-key", "x"}}), "sarvam */chat/completions");
}

TEST(route, that_is_not_there_answers_404_in_the_providers_shape) {
  call asked;
  asked.method = "GET";
  asked.target = "/v1/none?x=1";
  const auto reply = test::answered(asked);
  EXPECT_EQ(reply.status, 404U);
  constexpr std::string_view body =
      R"x({"error":{"message":"Invalid URL (GET /v1/none)","type":"invalid_request_error","param":null,"code":null}})x";
  EXPECT_EQ(reply.pieces.front(), body);
}

TEST(bytes, are_counted_from_zero_modulo_251) {
  const auto reply = test::answered({.method = "GET", .target = "/bytes/20000"});
  ASSERT_EQ(reply.size(), 20000U);
  EXPECT_EQ(static_cast<unsigned char>(reply.pieces[0][250]), 250);
  EXPECT_EQ(static_cast<unsigned char>(reply.pieces[0][251]), 0);
  EXPECT_EQ(static_cast<unsigned char>(reply.pieces[1].back()), 19999 % 251);
}

TEST(bytes, want_a_number_within_reason) {
  for (const auto* target : {"/bytes/", "/bytes/x", "/bytes/-1", "/bytes/999999999999"}) {
    EXPECT_EQ(test::answered({.method = "GET", .target = target}).status, 400U) << target;
  }
}

}  // namespace
}  // namespace refrain::mock
