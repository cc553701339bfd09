#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

#include "mock/proof.h"
#include "support/mock/audio.h"
#include "support/mock/call.h"

namespace refrain::mock {
namespace {

namespace json = boost::json;

const provider& api = test::provider_at("/tts/bytes");

constexpr std::string_view raw = R"({"container":"raw","encoding":"pcm_s16le","sample_rate":16000})";

call asking(std::string_view format = raw, std::string_view more = "") {
  call asked;
  asked.number = 1;
  asked.method = "POST";
  asked.target = "/tts/bytes";
  asked.body = R"({"model_id":"sonic-3","transcript":"Hello to you, there.","voice":{"mode":"id","id":"v"},)"
               R"("output_format":)";
  asked.body.append(format).append(more).append("}");
  return asked;
}

std::string sound(const call& asked) {
  const auto reply = test::answered(asked);
  EXPECT_EQ(reply.status, 200U) << reply.pieces.front();
  EXPECT_TRUE(reply.chunked);
  std::string all;
  for (const auto& piece : reply.pieces) all += piece;
  return all;
}

/// The data of the events, each checked against its name.
std::vector<json::value> events(const call& asked) {
  const auto reply = test::answered(asked, "/tts/sse");
  EXPECT_EQ(reply.content_type, "text/event-stream");
  std::vector<json::value> all;
  for (const auto& piece : reply.pieces) {
    const auto data = piece.find("\ndata: ");
    all.push_back(json::parse(piece.substr(data + 7)));
    EXPECT_EQ(piece.substr(0, data), "event: " + std::string(all.back().at("type").as_string()));
  }
  return all;
}

TEST(cartesia_speech, comes_in_the_format_asked_for) {
  const auto wav = [](const char* encoding) {
    return test::take_apart(sound(
        asking(std::string(R"({"container":"wav","sample_rate":44100,"encoding":")").append(encoding).append("\"}"))));
  };
  EXPECT_EQ(wav("pcm_s16le").tag, 1U);
  EXPECT_EQ(wav("pcm_f32le").tag, 3U);
  EXPECT_EQ(wav("pcm_alaw").tag, 6U);
  EXPECT_EQ(wav("pcm_mulaw").tag, 7U);
  EXPECT_TRUE(sound(asking()).starts_with("proof:"));
  const auto mp3 = asking(R"({"container":"mp3","sample_rate":44100,"bit_rate":128000})");
  EXPECT_EQ(test::walk(sound(mp3)).sample_rate, 44'100U);
  EXPECT_EQ(test::answered(mp3).content_type, "audio/mpeg");
}

TEST(cartesia_speech, carries_the_proof_that_is_documented) {
  EXPECT_EQ(test::proof_in(sound(asking())), proof_of(asking().body));
  EXPECT_EQ(sound(asking(raw, R"(,"context_id":"c","add_timestamps":true,"save":true)")), sound(asking()));
  EXPECT_NE(sound(asking(raw, R"(,"language":"de")")), sound(asking()));
}

TEST(cartesia_speech, streams_the_same_clip_as_events) {
  const auto stream = events(asking(raw, R"(,"context_id":"c-1")"));
  std::string joined;
  for (const auto& event : stream) {
    EXPECT_EQ(event.at("context_id"), "c-1");
    if (event.at("type") != "chunk") continue;
    EXPECT_EQ(event.at("done"), false);
    EXPECT_TRUE(event.at("step_time").is_number());
    joined += test::from_base64(event.at("data").as_string());
  }
  EXPECT_EQ(joined, sound(asking()));
  EXPECT_EQ(stream.back().at("type"), "done");
  EXPECT_EQ(stream.back().at("done"), true);
  EXPECT_FALSE(events(asking()).front().as_object().contains("context_id"));
}

TEST(cartesia_speech, times_its_words_where_asked) {
  std::vector<std::string> words;
  double last = 0;
  for (const auto& event : events(asking(raw, R"(,"add_timestamps":true)"))) {
    if (event.at("type") != "timestamps") continue;
    const auto& times = event.at("word_timestamps");
    for (std::size_t at = 0; at < times.at("words").as_array().size(); ++at) {
      words.emplace_back(times.at("words").at(at).as_string());
      EXPECT_GE(times.at("start").at(at).to_number<double>(), last);
      last = times.at("end").at(at).to_number<double>();
    }
  }
  EXPECT_EQ(words, (std::vector<std::string>{"Hello", "to", "you", ",", "there", "."}));
  EXPECT_NEAR(last, 20 * 0.06, 0.001);
}

TEST(cartesia_speech, ends_its_events_as_the_call_wishes) {
  auto asked = asking();
  asked.how.no_done = true;
  EXPECT_EQ(events(asked).back().at("type"), "chunk");
  asked.how.error_event = 2;
  const auto stream = events(asked);
  ASSERT_EQ(stream.size(), 3U);
  EXPECT_EQ(stream.back().at("type"), "error");
  EXPECT_EQ(stream.back().at("status_code"), 500);
}

TEST(cartesia_speech, turns_bad_requests_down_in_cartesias_shape) {
  auto asked = asking();
  const std::string whole = asked.body;
  for (const auto* name : {"model_id", "transcript", "voice", "output_format"}) {
    auto body = json::parse(whole).as_object();
    body.erase(name);
    asked.body = json::serialize(body);
    EXPECT_EQ(test::answered(asked).status, 400U) << name;
    EXPECT_EQ(test::answered(asked, "/tts/sse").status, 400U) << name;
  }
  for (const auto* format : {"1", "{}", R"({"container":"ogg"})", R"({"container":"raw","sample_rate":8000})",
                             R"({"container":"raw","encoding":"opus","sample_rate":8000})",
                             R"({"container":"mp3","sample_rate":44100,"bit_rate":1})",
                             R"({"container":"raw","encoding":"pcm_s16le","sample_rate":1})"}) {
    const auto reply = test::answered(asking(format));
    EXPECT_EQ(reply.status, 400U) << format;
    EXPECT_EQ(json::parse(reply.pieces.front()).at("title"), "Invalid request");
  }
  EXPECT_EQ(
      test::answered(asking(R"({"container":"wav","encoding":"pcm_s16le","sample_rate":8000})"), "/tts/sse").status,
      400U);
}

TEST(cartesia, knows_both_kinds_of_key_and_words_its_errors) {
  call asked;
  asked.headers = {{"x-api-key", "abc"}};
  EXPECT_EQ(api.credential(asked), "abc");
  asked.headers = {{"Authorization", "Bearer def"}};
  EXPECT_EQ(api.credential(asked), "def");
  const auto error = json::parse(api.refuse(asked, {.status = 429, .message = "m"}).pieces.front());
  EXPECT_EQ(error.at("error_code"), "concurrency_limited");
  EXPECT_TRUE(json::parse(api.refuse(asked, {.status = 500}).pieces.front()).at("error_code").is_null());
}

}  // namespace
}  // namespace refrain::mock
