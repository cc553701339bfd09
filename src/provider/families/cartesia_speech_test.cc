#include "provider/families/cartesia_speech.h"

#include <gtest/gtest.h>

#include <string>

namespace refrain::provider {
namespace {

constexpr std::string_view raw = R"({"container":"raw","encoding":"pcm_s16le","sample_rate":8000})";
constexpr std::string_view mp3 = R"({"container":"mp3","sample_rate":44100,"bit_rate":128000})";

std::string asking(std::string_view more = "", std::string_view format = raw) {
  return std::string(R"({"model_id":"sonic-3","transcript":"Hello.","voice":{"mode":"id","id":"v1"},"output_format":)")
      .append(format)
      .append(more)
      .append("}");
}

entry::parsed_request read(std::string_view body, std::string_view path = "/tts/bytes") {
  return cartesia_speech.read({.path = path, .query = {}, .body = body});
}

TEST(cartesia_speech, names_its_entry_after_voice_and_codec) {
  const auto parsed = read(asking());
  EXPECT_EQ(parsed.group, "cartesia:v1");
  EXPECT_EQ(parsed.suffix, "pcm_s16le");
  EXPECT_EQ(parsed.model, "sonic-3");
  EXPECT_EQ(parsed.characters, 6U);
  EXPECT_EQ(read(asking("", mp3)).suffix, "mp3");
  const auto embedded = read(R"({"transcript":"a","voice":{"mode":"embedding","embedding":[1,2]},"output_format":)" +
                             std::string(raw) + "}");
  EXPECT_EQ(embedded.why_not, uncacheable_reason::none);
  EXPECT_EQ(embedded.group.size(), std::string_view("cartesia:").size() + 16);
}

TEST(cartesia_speech, shares_its_content_between_bytes_and_events) {
  EXPECT_EQ(read(asking()).form, wire_form::plain);
  EXPECT_EQ(read(asking(), "/tts/sse").form, wire_form::stream);
  EXPECT_EQ(read(asking(R"(,"add_timestamps":true)"), "/tts/sse").form, wire_form::timed_stream);
  for (const auto& [body, path] : {
           std::pair{asking(), "/tts/sse"},
           std::pair{asking(R"(,"add_timestamps":true)"), "/tts/sse"},
           std::pair{asking(R"(,"context_id":"c1")"), "/tts/bytes"},
           std::pair{asking(R"(,"save":false,"speed":"normal","normalization":"auto")"), "/tts/bytes"},
       }) {
    EXPECT_EQ(read(body, path).content, read(asking()).content) << body;
  }
  for (const auto& [body, path] : {
           std::pair{asking(R"(,"context_id":"c1")"), "/tts/sse"},
           std::pair{asking(R"(,"add_phoneme_timestamps":true)"), "/tts/sse"},
           std::pair{asking(R"(,"language":"en")"), "/tts/bytes"},
           std::pair{asking("", mp3), "/tts/bytes"},
       }) {
    EXPECT_NE(read(body, path).content, read(asking()).content) << body;
  }
}

TEST(cartesia_speech, a_file_that_the_provider_keeps_is_not_cached) {
  EXPECT_EQ(read(asking(R"(,"save":true)")).why_not, uncacheable_reason::upstream_effect);
}

TEST(cartesia_speech, stands_aside_where_it_does_not_understand) {
  EXPECT_EQ(read(asking("", mp3), "/tts/sse").why_not, uncacheable_reason::malformed_body) << "events carry raw audio";
  for (const auto* const body : {"{}", R"({"transcript":"a","voice":"v"})", R"({"transcript":"a","output_format":{}})",
                                 R"({"transcript":7,"voice":"v","output_format":{"container":"raw"}})", "[]", "x"}) {
    EXPECT_EQ(read(body).why_not, uncacheable_reason::malformed_body) << body;
  }
}

TEST(cartesia_speech, more_serves_less) {
  const auto& wire = cartesia_speech;
  const auto serves = [&](wire_form recorded, wire_form wanted) {
    return wire.can_serve(recorded, true, wanted, true);
  };
  EXPECT_TRUE(serves(wire_form::timed_stream, wire_form::stream));
  EXPECT_TRUE(serves(wire_form::timed_stream, wire_form::plain));
  EXPECT_TRUE(serves(wire_form::stream, wire_form::plain));
  EXPECT_FALSE(serves(wire_form::stream, wire_form::timed_stream));
  EXPECT_FALSE(serves(wire_form::plain, wire_form::stream));
  EXPECT_FALSE(serves(wire_form::plain, wire_form::timed_stream));
}

TEST(cartesia_speech, its_version_is_part_of_the_key) {
  ASSERT_EQ(cartesia_speech.key_headers().size(), 1U);
  EXPECT_EQ(cartesia_speech.key_headers()[0], "cartesia-version");
}

}  // namespace
}  // namespace refrain::provider
