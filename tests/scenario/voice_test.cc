/// What holds for the speech of every provider: recorded once, replayed to the byte, given in part, never kept where it
/// failed.

#include "support/voice.h"

#include <gmock/gmock.h>

#include "mock/proof.h"
#include "support/mock/audio.h"

namespace refrain::tests {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

struct spoken {
  std::string_view name;
  std::string_view path;
  std::string_view body;
  std::string_view entry;    ///< its visible name, as a regular expression
  std::string_view essence;  ///< the body whose proof the audio holds
};

class speech_of : public voice, public testing::WithParamInterface<spoken> {};

INSTANTIATE_TEST_SUITE_P(
    each, speech_of,
    testing::Values(
        spoken{
            "elevenlabs", "/elevenlabs/v1/text-to-speech/Rachel?output_format=wav_16000",
            R"({"text":"Hello there.","model_id":"eleven_flash_v2_5"})", "tts:elevenlabs:Rachel:[0-9a-f]{64}:wav",
            R"({"text":"Hello there.","model_id":"eleven_flash_v2_5","voice":"Rachel","output_format":"wav_16000"})"},
        spoken{"sarvam", "/sarvam/text-to-speech/stream",
               R"({"text":"Hello there.","target_language_code":"hi-IN","speaker":"ritu","output_audio_codec":"wav"})",
               "tts:sarvam:ritu:[0-9a-f]{64}:wav",
               R"({"text":"Hello there.","language_code":"hi-IN","speaker":"ritu","output_audio_codec":"wav",)"
               R"("speech_sample_rate":22050})"},
        spoken{"deepgram", "/deepgram/v1/speak?model=aura-2-thalia-en&encoding=linear16&sample_rate=16000",
               R"({"text":"Hello there."})", "tts:deepgram:aura-2-thalia-en:[0-9a-f]{64}:linear16",
               R"({"text":"Hello there.","model":"aura-2-thalia-en","encoding":"linear16","container":"wav",)"
               R"("sample_rate":"16000","speed":"1"})"},
        spoken{"cartesia", "/cartesia/tts/bytes",
               R"({"model_id":"sonic-3","transcript":"Hello there.","voice":{"mode":"id","id":"v1"},)"
               R"("output_format":{"container":"wav","encoding":"pcm_s16le","sample_rate":16000}})",
               "tts:cartesia:v1:[0-9a-f]{64}:wav",
               R"({"model_id":"sonic-3","transcript":"Hello there.","voice":{"mode":"id","id":"v1"},)"
               R"("output_format":{"container":"wav","encoding":"pcm_s16le","sample_rate":16000}})"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST_P(speech_of, is_recorded_and_replayed_to_the_byte) {
  const auto& [name, path, body, entry, essence] = GetParam();
  const auto miss = client.post(path, body);
  ASSERT_EQ(miss.status, 200) << miss.body;
  const auto hit = client.post(path, body);
  EXPECT_EQ(miss.outcome(), "MISS");
  EXPECT_EQ(hit.outcome(), "HIT");
  EXPECT_TRUE(hit.body == miss.body);
  EXPECT_EQ(hit.header("content-type"), "audio/wav");
  EXPECT_EQ(hit.header("content-length"), std::to_string(miss.body.size()));
  EXPECT_EQ(at_work.calls(), 1U);
  EXPECT_THAT(only_name(), MatchesRegex(std::string(entry)));
}

TEST_P(speech_of, is_the_sound_of_its_request_and_of_no_other) {
  const auto& [name, path, body, entry, essence] = GetParam();
  client.post(path, body);
  const auto hit = client.post(path, body);
  const auto file = mock::test::take_apart(hit.body);
  EXPECT_EQ(file.comment, "proof:" + *mock::proof_of(essence));
  EXPECT_GT(file.seconds(), 0.5);

  auto other = std::string(body);
  other.replace(other.find("Hello there."), 12, "Hello again.");
  EXPECT_EQ(client.post(path, other).outcome(), "MISS");
}

TEST_P(speech_of, is_given_in_the_part_that_a_player_asks_for) {
  const auto& [name, path, body, entry, essence] = GetParam();
  const auto whole = client.post(path, body).body;
  const auto part = client.post(path, body, {{"Range", "bytes=10-19"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_TRUE(part.body == whole.substr(10, 10));
  EXPECT_EQ(client.post(path, body, {{"Range", "bytes=9999999-"}}).status, 416);
  const auto tag = client.post(path, body).header("etag");
  EXPECT_EQ(client.post(path, body, {{"If-None-Match", tag}}).status, 304);
  EXPECT_EQ(at_work.calls(), 1U);
}

TEST_P(speech_of, that_failed_is_not_kept) {
  const auto& [name, path, body, entry, essence] = GetParam();
  EXPECT_EQ(client.post(path, body, {{"x-mock-status", "429"}}).status, 429);
  EXPECT_EQ(client.post(path, body, {{"x-mock-status", "500"}}).status, 500);
  EXPECT_FALSE(at_work.client().post(path, body, {{"x-mock-truncate", "50"}}).complete);
  EXPECT_TRUE(at_work.entries().empty());
  EXPECT_EQ(client.post(path, body).outcome(), "MISS");
  EXPECT_THAT(client.get("/metrics").body,
              HasSubstr("tts_failures_total{provider=\"" + std::string(name) + "\",reason=\"http_429\"} 1\n"));
}

TEST_P(speech_of, is_asked_for_with_the_lent_key_where_the_client_has_none) {
  const auto& [name, path, body, entry, essence] = GetParam();
  client.post(path, body);
  const auto seen = at_work.last_request();
  const auto key = "lent-to-" + std::string(name);
  EXPECT_EQ(seen.header("xi-api-key") + seen.header("api-subscription-key") + seen.header("authorization"),
            name == "deepgram"   ? "Token " + key
            : name == "cartesia" ? "Bearer " + key
                                 : key);
}

}  // namespace
}  // namespace refrain::tests
