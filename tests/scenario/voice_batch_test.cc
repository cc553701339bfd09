/// Sarvam's lists of texts: each text an entry of its own.

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "base/base64.h"
#include "mock/proof.h"
#include "support/mock/audio.h"
#include "support/voice.h"

namespace refrain::tests {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::MatchesRegex;

constexpr std::string_view path = "/sarvam/text-to-speech";

std::string asking(std::string_view texts, std::string_view language = "target_language_code") {
  return std::string("{").append(texts).append(",\"").append(language).append(R"(":"hi-IN","speaker":"ritu"})");
}

std::vector<std::string> audios(const http_answer& got) {
  std::vector<std::string> all;
  for (const auto& one : json::parse(got.body).at("audios").as_array()) {
    all.push_back(base::base64_decode(one.as_string()).value_or(""));
  }
  return all;
}

class sarvam_batch : public voice {};

TEST_F(sarvam_batch, asks_for_the_missing_texts_alone) {
  const auto two = audios(client.post(path, asking(R"("inputs":["One.","Two."])")));
  ASSERT_EQ(two.size(), 2U);
  const auto partly = client.post(path, asking(R"("inputs":["One.","Three.","Two."])"));
  EXPECT_EQ(partly.outcome(), "MISS");
  EXPECT_EQ(json::parse(at_work.last_request().body), json::parse(asking(R"("inputs":["Three."])")));
  const auto three = audios(partly);
  ASSERT_EQ(three.size(), 3U);
  EXPECT_TRUE(three[0] == two[0] && three[2] == two[1]);
  EXPECT_EQ(client.post(path, asking(R"("inputs":["Three.","One.","Two."])")).outcome(), "HIT");
  EXPECT_EQ(at_work.calls(), 2U);
  EXPECT_THAT(client.get("/metrics").body,
              HasSubstr("cache_hits_total{cache_type=\"tts\",optimization_level=\"balanced\"} 5\n"));
}

TEST_F(sarvam_batch, shares_a_text_alone_with_a_list_of_one_and_both_names_of_the_language) {
  const auto alone = client.post(path, asking(R"("text":"One.")", "language_code"));
  EXPECT_EQ(alone.outcome(), "MISS");
  EXPECT_THAT(only_name(), MatchesRegex("tts:sarvam:ritu:[0-9a-f]{64}:wav"));
  for (const auto& same : {asking(R"("text":"One.")"), asking(R"("inputs":["One."])"),
                           asking(R"("enable_cached_responses":true,"pace":1.0,"inputs":["One."])")}) {
    const auto hit = client.post(path, same);
    EXPECT_EQ(hit.outcome(), "HIT") << same;
    EXPECT_EQ(hit.body, alone.body);
  }
  EXPECT_EQ(client.post(path, asking(R"("text":"One.","pace":1.1)")).outcome(), "MISS");
  EXPECT_EQ(at_work.calls(), 2U);
}

TEST_F(sarvam_batch, forwards_a_request_that_nothing_is_known_of_to_the_letter) {
  const auto body = asking(R"( "inputs" : ["One.", "Two."], "enable_cached_responses":true)", "language_code");
  client.post(path, body);
  EXPECT_EQ(at_work.last_request().body, body);
}

TEST_F(sarvam_batch, answers_with_the_sound_of_each_text) {
  client.post(path, asking(R"("inputs":["One."])"));
  const auto both = audios(client.post(path, asking(R"("inputs":["Two.","One."])")));
  ASSERT_EQ(both.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto essence = std::string(R"({"language_code":"hi-IN","speaker":"ritu","output_audio_codec":"wav",)") +
                         R"("speech_sample_rate":22050,"text":")" + (i == 0 ? "Two." : "One.") + "\"}";
    EXPECT_EQ(mock::test::take_apart(both[i]).comment, "proof:" + *mock::proof_of(essence));
  }
}

TEST_F(sarvam_batch, takes_no_answer_of_another_length) {
  const auto body = asking(R"("inputs":["One.","Two."])");
  const auto fewer = client.post(path, body, {{"x-mock-missing", "1"}});
  EXPECT_EQ(fewer.status, 200) << "it is passed on";
  EXPECT_EQ(audios(fewer).size(), 1U);
  EXPECT_TRUE(at_work.entries().empty());
  EXPECT_EQ(client.post(path, body).outcome(), "MISS");
}

TEST_F(sarvam_batch, passes_the_providers_refusal_on) {
  const auto body = asking(R"("inputs":["One.","Two."])");
  const auto refused = client.post(path, body, {{"x-mock-status", "429"}});
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(refused.body, HasSubstr("rate_limit_exceeded_error"));
  EXPECT_EQ(client.post(path, R"({"inputs":["One."],"text":"Two."})").outcome(), "BYPASS");
  EXPECT_TRUE(at_work.entries().empty());
}

class sarvam_text : public voice {};

TEST_F(sarvam_text, is_translated_once) {
  constexpr std::string_view body =
      R"({"input":"Good day","source_language_code":"auto","target_language_code":"hi-IN"})";
  const auto miss = client.post("/sarvam/translate", body);
  const auto hit = client.post("/sarvam/translate", body);
  EXPECT_EQ(hit.outcome(), "HIT");
  EXPECT_EQ(hit.body, miss.body);
  EXPECT_THAT(hit.body, HasSubstr("proof:" + *mock::proof_of(body)));
  EXPECT_THAT(only_name(), MatchesRegex("text:sarvam:[0-9a-f]{64}"));
  EXPECT_EQ(at_work.calls(), 1U);
}

TEST_F(sarvam_text, is_completed_once_in_both_forms) {
  const auto miss = client.post("/sarvam/v1/chat/completions", chat("Hello?"));
  EXPECT_EQ(miss.outcome(), "MISS");
  EXPECT_EQ(client.post("/sarvam/v1/chat/completions", chat("Hello?")).body, miss.body);
  EXPECT_EQ(client.post("/sarvam/v1/chat/completions", chat("Hello?", streamed)).outcome(), "HIT");
  EXPECT_EQ(at_work.calls(), 1U);
  EXPECT_EQ(at_work.last_request().header("api-subscription-key"), "lent-to-sarvam");
}

}  // namespace
}  // namespace refrain::tests
