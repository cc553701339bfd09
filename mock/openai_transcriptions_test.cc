#include "mock/form.h"
#include "mock/proof.h"
#include "support/mock/call.h"

namespace refrain::mock {
namespace {

namespace json = boost::json;

std::string field(std::string_view name, std::string_view text) {
  return "--b\r\nContent-Disposition: form-data; name=\"" + std::string(name) + "\"\r\n\r\n" + std::string(text) +
         "\r\n";
}

call asking(const std::string& more = "", std::string_view model = "gpt-4o-transcribe") {
  return test::calling(
      "/v1/audio/transcriptions",
      field("model", model) + more +
          "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nRIFF\r\n--b--\r\n",
      "multipart/form-data; boundary=b");
}

std::string proof_in(const call& asked) {
  return "proof:" + proof_of(*read_form(asked.field("Content-Type"), asked.body));
}

TEST(transcriptions, carries_the_proof_of_its_form) {
  const auto body = test::json_of(test::answered(asking()));
  EXPECT_TRUE(body.at("text").as_string().starts_with(proof_in(asking())));
  EXPECT_GT(body.at_pointer("/usage/total_tokens").as_int64(), 0);
  EXPECT_EQ(test::json_of(test::answered(asking("", "whisper-1"))).at_pointer("/usage/type"), "duration");
}

TEST(transcriptions, come_in_the_format_that_is_asked_for) {
  const auto text_in = [](std::string_view format) {
    const auto asked = asking(field("response_format", format));
    const auto reply = test::answered(asked);
    EXPECT_TRUE(reply.pieces.front().contains(proof_in(asked)));
    return reply.pieces.front();
  };
  EXPECT_TRUE(text_in("text").starts_with("proof:"));
  EXPECT_TRUE(text_in("srt").starts_with("1\n00:00:00,000 --> 00:00:01,000\nproof:"));
  EXPECT_TRUE(text_in("vtt").starts_with("WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nproof:"));
  EXPECT_EQ(json::parse(text_in("verbose_json")).at("task"), "transcribe");
}

TEST(transcriptions, streams_what_it_says_plainly) {
  const auto more = field("include[]", "logprobs");
  const auto events = test::events_of(test::answered(asking(more + field("stream", "true"))));
  std::string text;
  for (const auto& one : events) {
    if (one.at("type") == "transcript.text.delta") text += one.at("delta").as_string();
  }
  const auto plain = test::json_of(test::answered(asking(more)));
  EXPECT_EQ(plain.at("text"), json::value(text));
  auto last = events.back().as_object();
  EXPECT_EQ(last.at("type"), "transcript.text.done");
  last.erase("type");
  EXPECT_EQ(json::value(last), plain);
}

TEST(transcriptions, of_whisper_and_translations_are_never_streamed) {
  EXPECT_FALSE(test::answered(asking(field("stream", "true"), "whisper-1")).chunked);
  EXPECT_FALSE(test::answered(asking(field("stream", "true")), "/v1/audio/translations").chunked);
}

TEST(transcriptions, turns_bad_requests_down) {
  EXPECT_EQ(test::answered(test::calling("/v1/audio/transcriptions", "{}")).status, 400U);
  EXPECT_EQ(test::answered(asking("", "")).status, 400U);
}

}  // namespace
}  // namespace refrain::mock
