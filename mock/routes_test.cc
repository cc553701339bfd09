#include "mock/routes.h"

#include <gtest/gtest.h>

#include "mock/anthropic.h"
#include "mock/elevenlabs.h"
#include "mock/gemini.h"
#include "mock/ollama.h"
#include "mock/openai.h"
#include "mock/plain.h"
#include "mock/sarvam.h"

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

TEST(route, is_found_by_method_and_path) {
  EXPECT_EQ(find_route("POST", "/v1/chat/completions").respond, openai::chat_completions);
  EXPECT_EQ(find_route("POST", "/v1/completions").respond, openai::completions);
  EXPECT_EQ(find_route("POST", "/v1/responses").respond, openai::responses);
  EXPECT_EQ(find_route("POST", "/v1/messages").respond, anthropic::messages);
  EXPECT_EQ(find_route("POST", "/anthropic/v1/messages/count_tokens").respond, anthropic::count_tokens);
  EXPECT_EQ(find_route("GET", "/v1/models").respond, openai::list_models);
  EXPECT_EQ(find_route("GET", "/models/gpt-4o").respond, openai::one_model);
  EXPECT_EQ(find_route("HEAD", "/bytes/7").respond, plain::counted_bytes);
  EXPECT_EQ(find_route("PATCH", "/anything/at/all").respond, nullptr);
}

TEST(route, of_gemini_is_told_by_its_verb) {
  EXPECT_EQ(find_route("POST", "/v1beta/models/gemini-2.5-flash:generateContent").respond, gemini::generate_content);
  EXPECT_EQ(find_route("POST", "/v1/models/gemini-2.5-flash:streamGenerateContent").respond, gemini::generate_content);
  EXPECT_EQ(find_route("POST", "/v1beta/models/m:batchEmbedContents").respond, gemini::embed_content);
  EXPECT_EQ(find_route("POST", "/v1beta/models/m:countTokens").respond, gemini::count_tokens);
  EXPECT_EQ(find_route("GET", "/v1beta/models").respond, gemini::list_models);
  EXPECT_EQ(find_route("GET", "/v1/models", {{"x-goog-api-key", "x"}}).respond, gemini::list_models);
  EXPECT_EQ(find_route("GET", "/v1beta/models/m").respond, gemini::one_model);
}

TEST(route, of_ollama_stands_below_api) {
  EXPECT_EQ(find_route("POST", "/api/chat").respond, ollama::chat);
  EXPECT_EQ(find_route("POST", "/api/generate").respond, ollama::generate);
  EXPECT_EQ(find_route("POST", "/api/embed").respond, ollama::embed);
  EXPECT_EQ(find_route("POST", "/api/embeddings").respond, ollama::embeddings);
  EXPECT_EQ(find_route("GET", "/api/tags").respond, ollama::list_models);
  EXPECT_EQ(find_route("GET", "/api/version").respond, ollama::version);
}

TEST(route, of_speech_is_the_most_particular_one) {
  EXPECT_EQ(find_route("POST", "/v1/audio/speech").respond, openai::speech);
  EXPECT_EQ(find_route("POST", "/text-to-speech").respond, sarvam::text_to_speech);
  EXPECT_EQ(find_route("POST", "/text-to-speech/stream").respond, sarvam::text_to_speech_stream);
  EXPECT_EQ(find_route("POST", "/v1/text-to-speech/v").respond, elevenlabs::speech);
  EXPECT_EQ(find_route("POST", "/v1/text-to-speech/v/stream").respond, elevenlabs::speech_stream);
  EXPECT_EQ(find_route("POST", "/v1/text-to-speech/v/with-timestamps").respond, elevenlabs::speech_with_timestamps);
  EXPECT_EQ(find_route("POST", "/v1/text-to-speech/v/stream/with-timestamps").respond,
            elevenlabs::stream_with_timestamps);
}

TEST(route, that_providers_share_is_told_by_how_the_client_shows_its_key) {
  EXPECT_EQ(find_route("GET", "/v1/models", {{"XI-API-Key", "x"}}).respond, elevenlabs::list_models);
  EXPECT_EQ(find_route("GET", "/v1/models", {{"authorization", "Bearer x"}}).respond, openai::list_models);
  const auto& sarvams = find_route("POST", "/v1/chat/completions", {{"api-subscription-key", "x"}});
  EXPECT_EQ(sarvams.respond, openai::chat_completions);
  EXPECT_EQ(sarvams.speaks, &sarvam::api);
  EXPECT_EQ(find_route("POST", "/v1/chat/completions").speaks, &openai::api);
}

TEST(route, that_is_not_there_answers_404_in_the_providers_shape) {
  call asked;
  asked.method = "GET";
  asked.target = "/v1/none?x=1";
  const auto reply = find_route(asked.method, asked.path()).respond(asked);
  EXPECT_EQ(reply.status, 404U);
  constexpr std::string_view body =
      R"x({"error":{"message":"Invalid URL (GET /v1/none)","type":"invalid_request_error","param":null,"code":null}})x";
  EXPECT_EQ(reply.pieces.front(), body);
}

TEST(bytes, are_counted_from_zero_modulo_251) {
  call asked;
  asked.target = "/bytes/20000";
  const auto reply = plain::counted_bytes(asked);
  ASSERT_EQ(reply.size(), 20000U);
  EXPECT_EQ(static_cast<unsigned char>(reply.pieces[0][250]), 250);
  EXPECT_EQ(static_cast<unsigned char>(reply.pieces[0][251]), 0);
  EXPECT_EQ(static_cast<unsigned char>(reply.pieces[1].back()), 19999 % 251);
}

TEST(bytes, want_a_number_within_reason) {
  for (const auto* target : {"/bytes/", "/bytes/x", "/bytes/-1", "/bytes/999999999999"}) {
    call asked;
    asked.target = target;
    EXPECT_EQ(plain::counted_bytes(asked).status, 400U) << target;
  }
}

}  // namespace
}  // namespace refrain::mock
