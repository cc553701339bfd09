/// What providers say in more than one way is kept once: twins of a path, times with and without, stated defaults.

#include <boost/json.hpp>

#include "base/base64.h"
#include "support/voice.h"

namespace refrain::tests {
namespace {

namespace json = boost::json;

constexpr std::string_view rachel = "/elevenlabs/v1/text-to-speech/Rachel";
constexpr std::string_view hello = R"({"text":"Hello there.","model_id":"eleven_flash_v2_5"})";

std::string with(std::string_view path, std::string_view rest) { return std::string(path).append(rest); }

std::string audio_in(const json::value& object, std::string_view member) {
  return base::base64_decode(object.at(member).as_string()).value_or("");
}

class elevenlabs_forms : public voice {};

TEST_F(elevenlabs_forms, share_an_entry_between_plain_and_stream) {
  const auto plain = client.post(rachel, hello);
  const auto stream = client.post(with(rachel, "/stream"), hello);
  EXPECT_EQ(stream.outcome(), "HIT");
  EXPECT_TRUE(stream.body == plain.body);
  EXPECT_EQ(client.post(with(rachel, "?output_format=mp3_44100_128&enable_logging=true"), hello).outcome(), "HIT");
  EXPECT_EQ(at_work.calls(), 1U);
}

TEST_F(elevenlabs_forms, with_times_serve_all_others) {
  const auto timed = client.post(with(rachel, "/with-timestamps"), hello);
  EXPECT_EQ(timed.outcome(), "MISS");
  const auto object = json::parse(timed.body);
  for (const auto* const twin : {"", "/stream"}) {
    const auto plain = client.post(with(rachel, twin), hello);
    EXPECT_EQ(plain.outcome(), "HIT") << twin;
    EXPECT_EQ(plain.header("content-type"), "audio/mpeg");
    EXPECT_TRUE(plain.body == audio_in(object, "audio_base64"));
  }
  const auto part = client.post(rachel, hello, {{"Range", "bytes=1-2"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "D3");
  const auto lines = client.post(with(rachel, "/stream/with-timestamps"), hello);
  EXPECT_EQ(lines.outcome(), "HIT");
  EXPECT_EQ(json::parse(lines.body.substr(0, lines.body.find('\n'))), object);
  EXPECT_EQ(client.post(with(rachel, "/with-timestamps"), hello).body, timed.body);
  EXPECT_EQ(at_work.calls(), 1U);
}

TEST_F(elevenlabs_forms, in_lines_serve_all_others) {
  const auto lines = client.post(with(rachel, "/stream/with-timestamps"), hello);
  EXPECT_EQ(client.post(with(rachel, "/stream/with-timestamps"), hello).body, lines.body);
  const auto timed = client.post(with(rachel, "/with-timestamps"), hello);
  EXPECT_EQ(timed.outcome(), "HIT");
  EXPECT_EQ(timed.header("content-type"), "application/json");
  const auto object = json::parse(timed.body);
  std::string said;
  for (const auto& one : object.at_pointer("/alignment/characters").as_array()) said += one.as_string();
  EXPECT_EQ(said, "Hello there.");
  const auto plain = client.post(rachel, hello);
  EXPECT_EQ(plain.outcome(), "HIT");
  EXPECT_TRUE(plain.body == audio_in(object, "audio_base64"));
  EXPECT_EQ(at_work.calls(), 1U);
}

TEST_F(elevenlabs_forms, without_times_give_way_to_one_with_them) {
  const auto before = client.post(rachel, hello);
  EXPECT_EQ(client.post(with(rachel, "/with-timestamps"), hello).outcome(), "MISS");
  EXPECT_EQ(client.post(rachel, hello).body, before.body);
  EXPECT_EQ(at_work.entries().size(), 1U);
  EXPECT_EQ(at_work.calls(), 2U);
}

TEST_F(elevenlabs_forms, are_kept_apart_by_voice_query_and_body) {
  client.post(rachel, hello);
  for (const auto& [path, body] : {
           std::pair{"/elevenlabs/v1/text-to-speech/Adam", hello},
           std::pair{"/elevenlabs/v1/text-to-speech/Rachel?output_format=pcm_16000", hello},
           std::pair{"/elevenlabs/v1/text-to-speech/Rachel?optimize_streaming_latency=0", hello},
           std::pair{"/elevenlabs/v1/text-to-speech/Rachel?enable_logging=false", hello},
           std::pair{"/elevenlabs/v1/text-to-speech/Rachel",
                     std::string_view{R"({"text":"Hello there.","model_id":"eleven_flash_v2_5","seed":1})"}},
       }) {
    EXPECT_EQ(client.post(path, body).outcome(), "MISS") << path << body;
  }
}

TEST_F(elevenlabs_forms, that_are_stitched_to_others_pass_by) {
  constexpr std::string_view stitched = R"({"text":"And on.","previous_request_ids":["r1"]})";
  EXPECT_EQ(client.post(rachel, stitched).outcome(), "BYPASS");
  EXPECT_EQ(client.post(rachel, stitched).outcome(), "BYPASS");
  EXPECT_TRUE(at_work.entries().empty());
}

TEST_F(elevenlabs_forms, keep_the_request_id_and_no_bill) {
  const auto miss = client.post(rachel, hello);
  const auto hit = client.post(rachel, hello);
  EXPECT_EQ(miss.header("character-cost"), "12");
  EXPECT_EQ(hit.header("request-id"), miss.header("request-id"));
  EXPECT_EQ(hit.header("character-cost"), "");
  EXPECT_EQ(hit.header("history-item-id"), "");
}

class deepgram_forms : public voice {};

TEST_F(deepgram_forms, take_what_is_stated_for_what_is_absent) {
  constexpr std::string_view body = R"({"text":"Hello there."})";
  client.post("/deepgram/v1/speak", body);
  for (const auto* const query :
       {"?encoding=mp3&model=aura-asteria-en", "?speed=1&bit_rate=48000", "?tag=a&tag=b&mip_opt_out=true"}) {
    EXPECT_EQ(client.post(with("/deepgram/v1/speak", query), body).outcome(), "HIT") << query;
  }
  for (const auto* const query : {"?encoding=linear16", "?model=aura-2-thalia-en", "?speed=1.2", "?bit_rate=32000"}) {
    EXPECT_EQ(client.post(with("/deepgram/v1/speak", query), body).outcome(), "MISS") << query;
  }
  EXPECT_EQ(client.post("/deepgram/v1/speak?callback=http%3A%2F%2Fx", body).outcome(), "BYPASS");
}

class cartesia_forms : public voice {
 protected:
  static std::string body(std::string_view more = "") {
    return std::string(R"({"model_id":"sonic-3","transcript":"Hello there.","voice":"v1",)"
                       R"("output_format":{"container":"raw","encoding":"pcm_s16le","sample_rate":8000})")
        .append(more)
        .append("}");
  }
  static constexpr std::string_view bytes = "/cartesia/tts/bytes";
  static constexpr std::string_view events = "/cartesia/tts/sse";
  static constexpr std::string_view timed = R"(,"add_timestamps":true)";
};

TEST_F(cartesia_forms, in_events_serve_the_audio) {
  const auto stream = client.post(events, body());
  EXPECT_EQ(client.post(events, body()).body, stream.body);
  const auto plain = client.post(bytes, body(R"(,"context_id":"mine")"));
  EXPECT_EQ(plain.outcome(), "HIT");
  EXPECT_EQ(plain.header("content-type"), "application/octet-stream");
  EXPECT_EQ(plain.body.substr(0, 6), "proof:");
  EXPECT_EQ(client.post(bytes, body(), {{"Range", "bytes=0-5"}}).body, "proof:");
  EXPECT_EQ(client.post(events, body(timed)).outcome(), "MISS");
  EXPECT_EQ(at_work.calls(), 2U);
}

TEST_F(cartesia_forms, with_times_serve_events_without_them) {
  const auto with_times = client.post(events, body(timed));
  EXPECT_TRUE(with_times.body.contains("\"timestamps\""));
  const auto without = client.post(events, body());
  EXPECT_EQ(without.outcome(), "HIT");
  EXPECT_FALSE(without.body.contains("\"timestamps\""));
  EXPECT_EQ(client.post(bytes, body()).outcome(), "HIT");
  EXPECT_EQ(at_work.calls(), 1U);
}

TEST_F(cartesia_forms, of_another_version_container_or_context_are_others) {
  client.post(bytes, body(), {{"Cartesia-Version", "2026-03-01"}});
  EXPECT_EQ(client.post(bytes, body(), {{"Cartesia-Version", "2026-03-01"}}).outcome(), "HIT");
  EXPECT_EQ(client.post(bytes, body(), {{"Cartesia-Version", "2025-04-16"}}).outcome(), "MISS");
  EXPECT_EQ(client.post(events, body(R"(,"context_id":"one")")).outcome(), "MISS");
  EXPECT_EQ(client.post(events, body(R"(,"context_id":"two")")).outcome(), "MISS") << "each event repeats it";
  EXPECT_EQ(client.post(bytes, body(R"(,"save":true)")).outcome(), "BYPASS");
}

TEST_F(cartesia_forms, that_broke_off_are_not_kept) {
  client.post(events, body(), {{"x-mock-no-done", "1"}});
  client.post(events, body(), {{"x-mock-error-event", "1"}});
  EXPECT_TRUE(at_work.entries().empty());
  EXPECT_EQ(client.post(events, body()).outcome(), "MISS");
}

}  // namespace
}  // namespace refrain::tests
