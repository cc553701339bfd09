#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

#include "mock/proof.h"
#include "support/mock/audio.h"
#include "support/mock/call.h"

namespace refrain::mock {
namespace {

namespace json = boost::json;

const provider& api = test::provider_at("/v1/speak");

call asking(std::string_view query = "", std::string_view body = R"({"text":"Hello there."})") {
  call asked;
  asked.number = 1;
  asked.method = "POST";
  asked.target = std::string("/v1/speak").append(query);
  asked.body = body;
  return asked;
}

std::string sound(std::string_view query) {
  const auto reply = test::answered(asking(query));
  EXPECT_EQ(reply.status, 200U) << query << reply.pieces.front();
  EXPECT_TRUE(reply.chunked);
  std::string all;
  for (const auto& piece : reply.pieces) all += piece;
  return all;
}

TEST(deepgram_speech, is_mp3_where_nothing_else_is_asked_for) {
  EXPECT_EQ(test::walk(sound("")).sample_rate, 22'050U);
  EXPECT_EQ(sound(""), sound("?encoding=mp3&bit_rate=48000&model=aura-asteria-en"));
  EXPECT_LT(sound("?bit_rate=32000").size(), sound("").size());
}

TEST(deepgram_speech, comes_in_the_encoding_and_container_of_the_query) {
  EXPECT_EQ(test::take_apart(sound("?encoding=linear16")).sample_rate, 24'000U);
  EXPECT_EQ(test::take_apart(sound("?encoding=linear16&sample_rate=48000")).sample_rate, 48'000U);
  EXPECT_EQ(test::take_apart(sound("?encoding=mulaw")).tag, 7U);
  EXPECT_EQ(test::take_apart(sound("?encoding=alaw&container=wav")).tag, 6U);
  EXPECT_TRUE(sound("?encoding=mulaw&container=none").starts_with("proof:"));
  EXPECT_EQ(sound("?encoding=linear16&container=none&sample_rate=8000").size(),
            2 * sound("?encoding=mulaw&container=none").size());
}

TEST(deepgram_speech, carries_the_proof_that_is_documented) {
  EXPECT_EQ(test::proof_in(sound("?encoding=linear16&tag=x")),
            proof_of(R"({"text":"Hello there.","model":"aura-asteria-en","encoding":"linear16","container":"wav",)"
                     R"("sample_rate":"24000","speed":"1"})"));
  EXPECT_NE(test::proof_in(sound("?model=aura-2-thalia-en")), test::proof_in(sound("")));
}

TEST(deepgram_speech, says_in_its_headers_what_it_did) {
  std::string named;
  for (const auto& [name, value] : test::answered(asking("?model=aura-2-thalia-en")).headers) {
    named.append(name).append("=").append(name == "dg-request-id" ? "" : value).append(" ");
  }
  EXPECT_NE(named.find("dg-model-name=aura-2-thalia-en"), std::string::npos);
  EXPECT_NE(named.find("dg-char-count=12"), std::string::npos);
  EXPECT_NE(named.find("dg-request-id="), std::string::npos);
}

TEST(deepgram_speech, turns_bad_requests_down_in_deepgrams_shape) {
  for (const auto* query :
       {"?encoding=opus", "?encoding=flac", "?encoding=aac", "?encoding=", "?encoding=mp3&container=wav",
        "?encoding=linear16&container=ogg", "?encoding=linear16&sample_rate=1", "?bit_rate=1000"}) {
    const auto reply = test::answered(asking(query));
    EXPECT_EQ(reply.status, 400U) << query;
    EXPECT_EQ(json::parse(reply.pieces.front()).at("category"), "UNSUPPORTED_AUDIO_FORMAT");
  }
  for (const auto* body : {"", "[]", "{}", R"({"text":""})"}) {
    const auto reply = test::answered(asking("", body));
    EXPECT_EQ(reply.status, 400U) << body;
    EXPECT_EQ(json::parse(reply.pieces.front()).at("category"), "INVALID_JSON");
  }
}

TEST(deepgram, words_its_errors_by_status) {
  const auto error = json::parse(api.refuse({}, {.status = 401, .message = "no"}).pieces.front());
  EXPECT_EQ(error.at("err_code"), "INVALID_AUTH");
  EXPECT_EQ(error.at("err_msg"), "no");
  EXPECT_TRUE(error.at("request_id").is_string());
}

TEST(deepgram, knows_both_kinds_of_key) {
  call asked;
  asked.headers = {{"Authorization", "Token abc"}};
  EXPECT_EQ(api.credential(asked), "abc");
  asked.headers = {{"Authorization", "bearer def"}};
  EXPECT_EQ(api.credential(asked), "def");
}

}  // namespace
}  // namespace refrain::mock
