#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

#include "mock/proof.h"
#include "support/mock/audio.h"
#include "support/mock/call.h"

namespace refrain::mock {
namespace {

namespace json = boost::json;

call asking(std::string_view more = "", std::string_view model = "gpt-4o-mini-tts") {
  call asked;
  asked.number = 1;
  asked.method = "POST";
  asked.target = "/v1/audio/speech";
  asked.body = std::string(R"({"model":")").append(model).append(R"(","voice":"alloy","input":"Hello there, you.")");
  asked.body.append(more).append("}");
  return asked;
}

std::string sound(const call& asked) {
  const auto reply = test::answered(asked);
  EXPECT_EQ(reply.status, 200U) << reply.pieces.front();
  std::string all;
  for (const auto& piece : reply.pieces) all += piece;
  return all;
}

std::vector<json::value> events(const call& asked) {
  std::vector<json::value> all;
  for (const auto& piece : test::answered(asked).pieces) {
    EXPECT_TRUE(piece.starts_with("data: ") && piece.ends_with("\n\n"));
    all.push_back(json::parse(piece.substr(6)));
  }
  return all;
}

TEST(openai_speech, is_chunked_mp3_where_nothing_else_is_asked_for) {
  const auto reply = test::answered(asking());
  EXPECT_TRUE(reply.chunked);
  EXPECT_EQ(reply.content_type, "audio/mpeg");
  EXPECT_GT(reply.pieces.size(), 3U) << "a piece a word";
  EXPECT_EQ(test::walk(sound(asking())).sample_rate, 24'000U);
}

TEST(openai_speech, comes_in_the_form_asked_for) {
  const auto wav = test::take_apart(sound(asking(R"(,"response_format":"wav")")));
  EXPECT_EQ(wav.sample_rate, 24'000U);
  EXPECT_EQ(sound(asking(R"(,"response_format":"pcm")")).size(), wav.samples.size());
  EXPECT_EQ(test::answered(asking(R"(,"response_format":"pcm")")).content_type, "audio/pcm");
}

TEST(openai_speech, carries_the_proof_that_is_documented) {
  const auto whole = asking(R"(,"response_format":"mp3","speed":1)");
  EXPECT_EQ(test::proof_in(sound(asking())), proof_of(whole.body));
  EXPECT_EQ(sound(asking()), sound(whole)) << "a stated default";
  EXPECT_NE(test::proof_in(sound(asking(R"(,"speed":2)"))), test::proof_in(sound(asking())));
}

TEST(openai_speech, streams_the_same_clip_as_events) {
  const auto stream = events(asking(R"(,"stream_format":"sse")"));
  std::string joined;
  for (const auto& event : stream) {
    if (event.at("type") != "speech.audio.delta") continue;
    joined += test::from_base64(event.at("audio").as_string());
  }
  EXPECT_EQ(joined, sound(asking(R"(,"stream_format":"audio")")));
  EXPECT_EQ(stream.back().at("type"), "speech.audio.done");
  const auto& usage = stream.back().at("usage");
  EXPECT_EQ(usage.at("total_tokens").as_int64(),
            usage.at("input_tokens").as_int64() + usage.at("output_tokens").as_int64());
}

TEST(openai_speech, ends_its_events_as_the_call_wishes) {
  auto asked = asking(R"(,"stream_format":"sse")");
  asked.how.no_usage = true;
  EXPECT_FALSE(events(asked).back().as_object().contains("usage"));
  asked.how.no_done = true;
  EXPECT_EQ(events(asked).back().at("type"), "speech.audio.delta");
  asked.how.error_event = 1;
  EXPECT_EQ(events(asked).size(), 2U);
  EXPECT_TRUE(events(asked).back().as_object().contains("error"));
}

TEST(openai_speech, takes_a_voice_of_ones_own) {
  auto asked = asking();
  asked.body = R"({"model":"m","voice":{"id":"voice_1"},"input":"Hi"})";
  EXPECT_EQ(test::answered(asked).status, 200U);
}

TEST(openai_speech, turns_bad_requests_down_in_openais_shape) {
  const auto refused = [](const call& asked, std::string_view param) {
    const auto reply = test::answered(asked);
    EXPECT_EQ(reply.status, 400U) << asked.body.substr(0, 100);
    const auto body = json::parse(reply.pieces.front());
    EXPECT_EQ(body.at_pointer("/error/param"), param.empty() ? json::value(nullptr) : json::value(param));
  };
  for (const auto* format : {"opus", "aac", "flac", "nonsense"}) {
    refused(asking(std::string(R"(,"response_format":")") + format + "\""), "response_format");
  }
  refused(asking(R"(,"stream_format":"sse")", "tts-1"), "stream_format");
  auto asked = asking();
  for (const auto& [body, param] : {std::pair{"", ""},
                                    {"[]", ""},
                                    {R"({"voice":"a","input":"x"})", "model"},
                                    {R"({"model":"m","input":"x"})", "voice"},
                                    {R"({"model":"m","voice":"a","input":""})", "input"},
                                    {R"({"model":"m","voice":"a","input":1})", "input"}}) {
    asked.body = body;
    refused(asked, param);
  }
  asked.body = R"({"model":"m","voice":"a","input":")" + std::string(4'097, 'x') + "\"}";
  refused(asked, "input");
}

}  // namespace
}  // namespace refrain::mock
