#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

#include "mock/proof.h"
#include "support/mock/audio.h"
#include "support/mock/call.h"

namespace refrain::mock {
namespace {

namespace json = boost::json;

const provider& api = test::provider_at("/v1/text-to-speech/v");

constexpr std::string_view hello = R"({"text":"Hello, you\nthere.","model_id":"eleven_flash_v2_5"})";

call asking(std::string_view path = "", std::string_view query = "", std::string_view body = hello) {
  call asked;
  asked.number = 1;
  asked.method = "POST";
  asked.target = std::string("/v1/text-to-speech/voice-1").append(path).append(query);
  asked.body = body;
  return asked;
}

std::string joined(const answer& reply) {
  EXPECT_EQ(reply.status, 200U) << reply.pieces.front();
  std::string all;
  for (const auto& piece : reply.pieces) all += piece;
  return all;
}

json::value with_timestamps(std::string_view query = "") {
  return json::parse(joined(test::answered(asking("/with-timestamps", query))));
}

std::vector<json::value> lines(std::string_view query = "") {
  const auto reply = test::answered(asking("/stream/with-timestamps", query));
  EXPECT_TRUE(reply.chunked);
  std::vector<json::value> all;
  for (const auto& piece : reply.pieces) {
    EXPECT_TRUE(piece.ends_with("\n"));
    EXPECT_EQ(piece.find('\n'), piece.size() - 1) << "one object a line";
    all.push_back(json::parse(piece));
  }
  return all;
}

TEST(elevenlabs_speech, sounds_the_same_on_all_four_paths) {
  for (const auto* query : {"", "?output_format=pcm_16000", "?output_format=ulaw_8000", "?output_format=wav_24000"}) {
    const auto plain = joined(test::answered(asking("", query)));
    EXPECT_EQ(joined(test::answered(asking("/stream", query))), plain);
    EXPECT_EQ(test::from_base64(with_timestamps(query).at("audio_base64").as_string()), plain);
    std::string streamed;
    for (const auto& line : lines(query)) streamed += test::from_base64(line.at("audio_base64").as_string());
    EXPECT_EQ(streamed, plain);
  }
}

struct format_case {
  const char* name;
  const char* content_type;
};

TEST(elevenlabs_speech, comes_in_the_format_of_the_query) {
  for (const auto& [name, content_type] :
       {format_case{"mp3_22050_32", "audio/mpeg"}, format_case{"mp3_44100_192", "audio/mpeg"},
        format_case{"pcm_24000", "audio/pcm"}, format_case{"ulaw_8000", "audio/basic"},
        format_case{"alaw_8000", "audio/x-alaw-basic"}, format_case{"wav_48000", "audio/wav"}}) {
    EXPECT_EQ(test::answered(asking("", std::string("?output_format=") + name)).content_type, content_type) << name;
  }
  EXPECT_EQ(test::walk(joined(test::answered(asking()))).sample_rate, 44'100U);
  EXPECT_EQ(joined(test::answered(asking())), joined(test::answered(asking("", "?output_format=mp3_44100_128"))))
      << "the default";
  EXPECT_FALSE(test::answered(asking()).chunked);
  EXPECT_TRUE(test::answered(asking("/stream")).chunked);
}

TEST(elevenlabs_speech, carries_the_proof_that_is_documented) {
  EXPECT_EQ(test::proof_in(joined(test::answered(asking()))),
            proof_of(R"({"text":"Hello, you\nthere.","model_id":"eleven_flash_v2_5","voice":"voice-1",)"
                     R"("output_format":"mp3_44100_128"})"));
  const auto proof = [](const call& asked) { return test::proof_in(joined(test::answered(asked))); };
  auto other_voice = asking();
  other_voice.target = "/v1/text-to-speech/voice-2";
  EXPECT_NE(proof(other_voice), proof(asking()));
  EXPECT_NE(proof(asking("", "?optimize_streaming_latency=3")), proof(asking()));
  EXPECT_EQ(proof(asking("", "?enable_logging=false")), proof(asking()));
}

TEST(elevenlabs_speech, aligns_its_characters) {
  const auto body = with_timestamps();
  const auto& alignment = body.at("alignment");
  const auto& characters = alignment.at("characters").as_array();
  ASSERT_EQ(characters.size(), 17U);
  EXPECT_EQ(characters[10], "\n");
  EXPECT_EQ(body.at("normalized_alignment").at("characters").at(10), " ");
  const auto& starts = alignment.at("character_start_times_seconds").as_array();
  const auto& ends = alignment.at("character_end_times_seconds").as_array();
  EXPECT_EQ(starts.front().to_number<double>(), 0);
  for (std::size_t at = 1; at < starts.size(); ++at) EXPECT_EQ(starts[at], ends[at - 1]);
  EXPECT_NEAR(ends.back().to_number<double>(), 17 * 0.06, 0.001);
}

TEST(elevenlabs_speech, streams_the_alignment_that_it_gives_whole) {
  for (const auto* name : {"alignment", "normalized_alignment"}) {
    json::object all;
    const auto stream = lines();
    ASSERT_GT(stream.size(), 3U);
    for (const auto& line : stream) {
      if (line.at(name).is_null()) continue;
      for (const auto& [member, list] : line.at(name).as_object()) {
        auto& into = all.emplace(member, json::array{}).first->value().as_array();
        into.insert(into.end(), list.as_array().begin(), list.as_array().end());
      }
    }
    EXPECT_EQ(json::value(all), with_timestamps().at(name));
    EXPECT_TRUE(stream.back().at(name).is_null()) << "the silence";
  }
}

TEST(elevenlabs_speech, says_what_it_cost) {
  std::string cost, id;
  for (const auto& [name, value] : test::answered(asking()).headers) {
    if (name == "character-cost") cost = value;
    if (name == "request-id") id = value;
  }
  EXPECT_EQ(cost, "17");
  EXPECT_FALSE(id.empty());
}

TEST(elevenlabs_speech, turns_bad_requests_down_in_elevenlabs_shape) {
  for (const auto* name : {"opus_48000_32", "mp3_44100", "mp3_44100_127", "pcm_1", "pcm_16000x", "", "ogg"}) {
    const auto reply = test::answered(asking("", std::string("?output_format=") + name));
    EXPECT_EQ(reply.status, 400U) << name;
    EXPECT_EQ(json::parse(reply.pieces.front()).at_pointer("/detail/status"), "unsupported_output_format");
  }
  for (const auto* body : {"", "[]", "{}", R"({"text":""})", R"({"text":7})"}) {
    for (const auto* const path : {"", "/stream", "/with-timestamps", "/stream/with-timestamps"}) {
      EXPECT_EQ(test::answered(asking(path, "", body)).status, 422U) << body;
    }
  }
  const auto missing = json::parse(test::answered(asking("", "", "{}")).pieces.front());
  EXPECT_EQ(missing.at_pointer("/detail/0/loc"), json::value({"body", "text"}));
}

TEST(elevenlabs, words_its_errors_by_status) {
  const auto status = [](unsigned code) {
    return json::parse(api.refuse({}, {.status = code, .message = "m"}).pieces.front()).at_pointer("/detail/status");
  };
  EXPECT_EQ(status(401), "invalid_api_key");
  EXPECT_EQ(status(429), "too_many_concurrent_requests");
}

TEST(elevenlabs_lists, have_the_members_of_their_version) {
  const call asked{.method = "GET", .headers = {{"xi-api-key", "x"}}};
  const auto list = [&](std::string_view path) { return json::parse(test::answered(asked, path).pieces.front()); };
  EXPECT_TRUE(list("/v1/voices").at_pointer("/voices/0/voice_id").is_string());
  EXPECT_EQ(list("/v2/voices?page_size=1").at("has_more"), false);
  EXPECT_EQ(list("/v1/models").at_pointer("/0/can_do_text_to_speech"), true);
}

}  // namespace
}  // namespace refrain::mock
