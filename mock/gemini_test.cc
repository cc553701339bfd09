#include <gtest/gtest.h>

#include "mock/proof.h"
#include "support/mock/call.h"

namespace refrain::mock {
namespace {

namespace json = boost::json;

const provider& api = test::provider_at("/v1beta/models/m:countTokens");

constexpr std::string_view plain_path = "/v1beta/models/gemini-2.5-flash:generateContent";
constexpr std::string_view stream_path = "/v1beta/models/gemini-2.5-flash:streamGenerateContent";

call asking(std::string_view target, const std::string& more = "", const std::string& question = "Why?") {
  return test::calling(target,
                       R"({"contents":[{"role":"user","parts":[{"text":")" + question + R"("}]}])" + more + "}");
}

json::value body_of(const answer& reply) {
  std::string body;
  for (const auto& piece : reply.pieces) body += piece;
  return json::parse(body);
}

json::array chunks_of(const answer& reply) {
  EXPECT_EQ(reply.content_type, "text/event-stream");
  json::array chunks;
  for (const auto& piece : reply.pieces) {
    EXPECT_TRUE(piece.starts_with("data: ") && piece.ends_with("\r\n\r\n")) << piece;
    chunks.push_back(json::parse(std::string_view{piece}.substr(6)));
  }
  return chunks;
}

/// The text of a candidate over all chunks: thoughts where `thoughts`.
std::string said(const json::array& chunks, bool thoughts = false, std::int64_t index = 0) {
  std::string text;
  for (const auto& chunk : chunks) {
    for (const auto& one : chunk.at("candidates").as_array()) {
      const auto* parts = one.at("content").as_object().if_contains("parts");
      if (one.at("index") != index || parts == nullptr) continue;
      for (const auto& part : parts->as_array()) {
        const auto* spoken = part.as_object().if_contains("text");
        if (spoken != nullptr && part.as_object().contains("thought") == thoughts) text += spoken->as_string();
      }
    }
  }
  return text;
}

TEST(gemini, says_the_same_in_every_form) {
  const std::string more = R"(,"generationConfig":{"candidateCount":2,"thinkingConfig":{"includeThoughts":true}})";
  const auto plain = body_of(test::answered(asking(plain_path, more)));
  const auto events = chunks_of(test::answered(asking(std::string(stream_path) + "?alt=sse", more)));
  const auto array = body_of(test::answered(asking(stream_path, more))).as_array();
  ASSERT_GT(events.size(), 2U);
  EXPECT_EQ(events, array);
  for (const std::int64_t index : {0, 1}) {
    for (const bool thoughts : {false, true}) {
      const auto text = said({plain}, thoughts, index);
      EXPECT_FALSE(text.empty());
      EXPECT_EQ(said(events, thoughts, index), text);
    }
  }
  auto keyed = json::parse(asking("/", more).body).as_object();
  keyed["model"] = "gemini-2.5-flash";
  const auto proof = proof_of_members(std::move(keyed));
  EXPECT_TRUE(said({plain}).starts_with("proof:" + proof));
  EXPECT_EQ(events.back().at("usageMetadata"), plain.at("usageMetadata"));
  EXPECT_EQ(plain.at_pointer("/usageMetadata/promptTokensDetails/0/modality"), "TEXT");
  EXPECT_EQ(events.back().at_pointer("/candidates/0/finishReason"), "STOP");
  EXPECT_FALSE(events.front().at_pointer("/candidates/0").as_object().contains("finishReason"));
}

TEST(gemini, calls_a_function_and_answers_with_its_result) {
  const std::string tools = R"(,"tools":[{"functionDeclarations":[{"name":"look"},{"name":"find","parameters":)"
                            R"({"type":"OBJECT","properties":{"city":{"type":"STRING"}}}}]}])";
  const auto part = [](const json::value& body) { return body.at_pointer("/candidates/0/content/parts/0"); };
  EXPECT_EQ(part(body_of(test::answered(asking(plain_path, tools)))).at_pointer("/functionCall/name"), "look");
  const auto chosen = part(body_of(test::answered(
      asking(plain_path, tools + R"(,"toolConfig":{"functionCallingConfig":{"allowedFunctionNames":["find"]}})"))));
  EXPECT_TRUE(chosen.at_pointer("/functionCall/args/city").as_string().starts_with("proof:"));
  EXPECT_TRUE(chosen.as_object().contains("thoughtSignature"));
  const auto brought = test::calling(
      plain_path, R"({"contents":[{"parts":[{"functionResponse":{"name":"look","response":{}}}]}])" + tools + "}");
  EXPECT_TRUE(part(body_of(test::answered(brought))).as_object().contains("text"));
}

TEST(gemini, stops_where_it_is_told_to) {
  const auto cut = body_of(test::answered(asking(plain_path, R"(,"generationConfig":{"maxOutputTokens":3})")));
  EXPECT_EQ(cut.at_pointer("/candidates/0/finishReason"), "MAX_TOKENS");
  EXPECT_EQ(cut.at_pointer("/usageMetadata/candidatesTokenCount"), 3);
  const auto blocked = body_of(test::answered(asking(plain_path, "", "unspeakable")));
  EXPECT_EQ(blocked.at_pointer("/candidates/0/finishReason"), "SAFETY");
  auto broken = asking(std::string(stream_path) + "?alt=sse");
  broken.how.error_event = 2;
  const auto chunks = chunks_of(test::answered(broken));
  ASSERT_EQ(chunks.size(), 3U);
  EXPECT_EQ(chunks.back().at_pointer("/error/status"), "UNAVAILABLE");
  auto endless = asking(std::string(stream_path) + "?alt=sse");
  endless.how.no_done = true;
  EXPECT_FALSE(
      chunks_of(test::answered(endless)).back().at_pointer("/candidates/0").as_object().contains("finishReason"));
}

TEST(gemini, gives_json_that_fits_the_schema) {
  const auto reply = body_of(test::answered(asking(
      plain_path, R"(,"generationConfig":{"responseMimeType":"application/json","responseSchema":{"type":"ARRAY",)"
                  R"("items":{"type":"INTEGER"}}})")));
  EXPECT_EQ(reply.at_pointer("/candidates/0/content/parts/0/text"), "[7]");
}

TEST(gemini, embeds_a_content_alike_alone_and_in_a_batch) {
  const std::string one = R"({"content":{"parts":[{"text":"a"}]}})";
  const auto alone = body_of(test::answered(test::calling("/v1beta/models/e:embedContent", one)));
  const auto both = body_of(test::answered(test::calling(
      "/v1beta/models/e:batchEmbedContents", R"({"requests":[{"content":{"parts":[{"text":"b"}]}},)" + one + "]}")));
  EXPECT_EQ(both.at_pointer("/embeddings/1"), alone.at("embedding"));
  EXPECT_NE(both.at_pointer("/embeddings/0"), alone.at("embedding"));
  EXPECT_EQ(alone.at_pointer("/embedding/values").as_array().size(), 8U);
  EXPECT_EQ(test::answered(test::calling("/v1beta/models/e:batchEmbedContents", one)).status, 400U);
}

TEST(gemini, counts_the_tokens_of_contents_and_of_whole_requests) {
  const auto asked = asking("/v1beta/models/m:countTokens");
  const auto whole = test::calling("/v1beta/models/m:countTokens", R"({"generateContentRequest":)" + asked.body + "}");
  EXPECT_GT(body_of(test::answered(asked)).at("totalTokens").as_int64(), 0);
  EXPECT_EQ(body_of(test::answered(whole)), body_of(test::answered(asked)));
}

TEST(gemini, refuses_in_googles_shape_and_in_an_array_where_one_was_asked_for) {
  const refusal why{.status = 429, .message = "Too many."};
  const auto shape = json::parse(R"({"error":{"code":429,"message":"Too many.","status":"RESOURCE_EXHAUSTED"}})");
  const auto plain = api.refuse(asking(plain_path), why);
  EXPECT_EQ(plain.status, 429U);
  EXPECT_EQ(body_of(plain), shape);
  EXPECT_EQ(body_of(api.refuse(asking(std::string(stream_path) + "?alt=sse"), why)), shape);
  EXPECT_EQ(body_of(api.refuse(asking(stream_path), why)), json::value(json::array{shape}));
  EXPECT_EQ(test::answered(test::calling(plain_path, "{}")).status, 400U);
}

TEST(gemini, sees_a_key_wherever_it_stands) {
  auto asked = asking(std::string(stream_path) + "?alt=sse&key=in-query");
  EXPECT_EQ(api.credential(asked), "in-query");
  asked.headers.push_back({"X-Goog-Api-Key", "in-header"});
  EXPECT_EQ(api.credential(asked), "in-header");
  auto bearer = asking(std::string(plain_path) + "?monkey=x");
  bearer.headers.push_back({"Authorization", "Bearer token"});
  EXPECT_EQ(api.credential(bearer), "token");
}

}  // namespace
}  // namespace refrain::mock
