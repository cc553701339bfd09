#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

#include "mock/proof.h"
#include "support/mock/audio.h"
#include "support/mock/call.h"

namespace refrain::mock {
namespace {

namespace json = boost::json;

const provider& api = test::provider_at("/text-to-speech");

call asking(std::string body) {
  call asked;
  asked.number = 1;
  asked.method = "POST";
  asked.target = "/text-to-speech";
  asked.body = std::move(body);
  return asked;
}

std::vector<std::string> audios(const call& asked) {
  const auto reply = test::answered(asked);
  EXPECT_EQ(reply.status, 200U) << reply.pieces.front();
  std::vector<std::string> all;
  for (const auto& one : json::parse(reply.pieces.front()).at("audios").as_array()) {
    all.push_back(test::from_base64(one.as_string()));
  }
  return all;
}

constexpr const char* three = R"({"inputs":["One.","Two two.","Three three three."],"target_language_code":"hi-IN"})";

std::string alone(std::string_view text, std::string_view more = "") {
  return std::string(R"({"text":")").append(text).append(R"(","language_code":"hi-IN")").append(more).append("}");
}

TEST(sarvam_speech, is_a_wav_for_each_text_in_order) {
  const auto all = audios(asking(three));
  ASSERT_EQ(all.size(), 3U);
  for (std::size_t at = 0; at < 3; ++at) {
    const auto file = test::take_apart(all[at]);
    EXPECT_EQ(file.sample_rate, 22'050U);
    EXPECT_NEAR(file.seconds(), 0.2 + 0.06 * (at == 0 ? 4 : at == 1 ? 8 : 18), 0.001);
  }
}

TEST(sarvam_speech, sounds_the_same_alone_as_in_a_list_and_under_both_names_of_the_language) {
  const auto all = audios(asking(three));
  EXPECT_EQ(audios(asking(alone("Two two."))), std::vector{all[1]});
  EXPECT_EQ(audios(asking(alone("Two two.", R"(,"speech_sample_rate":"22050","output_audio_codec":"wav")"))),
            std::vector{all[1]});
}

TEST(sarvam_speech, carries_the_proof_that_is_documented) {
  EXPECT_EQ(test::take_apart(audios(asking(alone("One.")))[0]).comment,
            "proof:" + *proof_of(alone("One.", R"(,"output_audio_codec":"wav","speech_sample_rate":22050)")));
}

TEST(sarvam_speech, has_an_id_in_each_answer) {
  auto asked = asking(three);
  const auto id = [&] {
    return std::string(json::parse(test::answered(asked).pieces.front()).at("request_id").as_string());
  };
  const auto first = id();
  EXPECT_TRUE(first.starts_with("19700101_")) << first;
  asked.number = 2;
  EXPECT_NE(id(), first);
}

TEST(sarvam_speech, answers_short_or_out_of_order_where_it_is_asked_to) {
  const auto all = audios(asking(three));
  auto asked = asking(three);
  asked.how.items_missing = 1;
  EXPECT_EQ(audios(asked), (std::vector{all[0], all[1]}));
  asked.how.items_reversed = true;
  EXPECT_EQ(audios(asked), (std::vector{all[1], all[0]}));
  asked.how.items_missing = 9;
  EXPECT_TRUE(audios(asked).empty());
}

TEST(sarvam_speech, comes_in_the_form_asked_for) {
  const auto form = [](std::string_view more) { return audios(asking(alone("One.", more)))[0]; };
  EXPECT_EQ(test::walk(form(R"(,"output_audio_codec":"mp3")")).sample_rate, 22'050U);
  EXPECT_EQ(test::take_apart(form(R"(,"speech_sample_rate":8000)")).sample_rate, 8'000U);
  const auto samples = static_cast<std::size_t>(8'000 * 0.44);
  EXPECT_EQ(form(R"(,"output_audio_codec":"linear16","speech_sample_rate":8000)").size(), 2 * samples);
  EXPECT_EQ(form(R"(,"output_audio_codec":"mulaw","speech_sample_rate":8000)").size(), samples);
  EXPECT_EQ(form(R"(,"output_audio_codec":"alaw","speech_sample_rate":8000)").size(), samples);
}

TEST(sarvam_speech, streams_the_same_clip) {
  const auto stream = [](std::string body) {
    return test::answered(asking(std::move(body)), "/text-to-speech/stream");
  };
  const auto joined = [](const answer& reply) {
    EXPECT_EQ(reply.status, 200U) << reply.pieces.front();
    EXPECT_TRUE(reply.chunked);
    std::string all;
    for (const auto& piece : reply.pieces) all += piece;
    return all;
  };
  const auto mp3 = alone("Two two.", R"(,"output_audio_codec":"mp3")");
  EXPECT_EQ(joined(stream(mp3)), audios(asking(mp3))[0]);
  EXPECT_EQ(joined(stream(alone("Two two."))), audios(asking(mp3))[0]) << "mp3 is usual here";
  EXPECT_EQ(stream(R"({"text":"x"})").content_type, "audio/mpeg");
  EXPECT_EQ(joined(stream(alone("One.", R"(,"output_audio_codec":"wav")"))), audios(asking(alone("One.")))[0]);
}

TEST(sarvam_speech, turns_bad_requests_down_in_sarvams_shape) {
  for (const auto& body :
       {std::string(), std::string("[]"), std::string(R"({"text":"x"})"), std::string(R"({"language_code":"hi-IN"})"),
        std::string(R"({"inputs":[],"language_code":"hi-IN"})"),
        std::string(R"({"inputs":[1],"language_code":"hi-IN"})"), alone("x", R"(,"output_audio_codec":"opus")"),
        alone("x", R"(,"output_audio_codec":"aac")"), alone("x", R"(,"speech_sample_rate":1e9)"),
        alone("x", R"(,"speech_sample_rate":-1)"),
        alone("x", R"(,"output_audio_codec":"mp3","output_audio_bitrate":"x")")}) {
    const auto reply = test::answered(asking(body));
    EXPECT_EQ(reply.status, 400U) << body;
    const auto error = json::parse(reply.pieces.front()).at("error");
    EXPECT_EQ(error.at("code"), "invalid_request_error");
    EXPECT_TRUE(error.at("request_id").is_string());
  }
}

TEST(sarvam, words_its_errors_by_status) {
  const auto code = [](unsigned status) {
    return json::parse(api.refuse({}, {.status = status, .message = "m"}).pieces.front()).at_pointer("/error/code");
  };
  EXPECT_EQ(code(403), "invalid_api_key_error");
  EXPECT_EQ(code(422), "unprocessable_entity_error");
  EXPECT_EQ(code(429), "rate_limit_exceeded_error");
  EXPECT_EQ(code(500), "internal_server_error");
}

TEST(sarvam_translate, proves_what_it_translates) {
  const auto asked = asking(R"({"input":"Good day","source_language_code":"auto","target_language_code":"hi-IN"})");
  const auto body = json::parse(test::answered(asked, "/translate").pieces.front());
  EXPECT_EQ(body.at("translated_text"), json::value("proof:" + *proof_of(asked.body) + " [hi-IN] Good day"));
  EXPECT_EQ(body.at("source_language_code"), "en-IN");
  EXPECT_TRUE(body.at("request_id").is_string());
}

TEST(sarvam_translate, wants_text_and_both_languages) {
  for (const auto* body :
       {"", R"({"source_language_code":"a","target_language_code":"b"})", R"({"input":"x","target_language_code":"b"})",
        R"({"input":"x","source_language_code":"a"})"}) {
    EXPECT_EQ(test::answered(asking(body), "/translate").status, 400U) << body;
  }
}

}  // namespace
}  // namespace refrain::mock
