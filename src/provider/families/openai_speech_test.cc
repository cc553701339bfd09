#include "provider/families/openai.h"

#include <gtest/gtest.h>

#include <string>

#include "base/base64.h"

namespace refrain::provider {
namespace {

entry::parsed_request read(std::string_view body) {
  return openai_speech.read({.path = "/audio/speech", .query = {}, .body = body});
}

TEST(openai_speech, names_its_entry_after_voice_and_codec) {
  const auto parsed = read(R"({"model":"tts-1","input":"na\u00efve","voice":"alloy","response_format":"wav"})");
  EXPECT_EQ(parsed.why_not, uncacheable_reason::none);
  EXPECT_EQ(parsed.group, "openai:alloy");
  EXPECT_EQ(parsed.suffix, "wav");
  EXPECT_EQ(parsed.model, "tts-1");
  EXPECT_EQ(parsed.query, "na\u00efve");
  EXPECT_EQ(parsed.characters, 5u);
  EXPECT_EQ(read(R"({"input":"a","voice":{"id":"voice/1"}})").group, "openai:voice%2F1");
}

TEST(openai_speech, a_stated_default_equals_the_absent_one) {
  const auto plain = read(R"({"model":"tts-1","input":"a","voice":"alloy"})");
  for (const auto* const stated : {R"("response_format":"mp3")", R"("speed":1.0)", R"("instructions":"")",
                                   R"("stream_format":"audio")", R"("stream_format":"sse")"}) {
    const auto parsed = read(R"({"model":"tts-1","input":"a","voice":"alloy",)" + std::string(stated) + "}");
    EXPECT_EQ(parsed.content, plain.content) << stated;
    EXPECT_EQ(parsed.suffix, "mp3") << stated;
  }
  for (const auto* const other : {R"("response_format":"wav")", R"("speed":1.5)", R"("instructions":"Shout.")",
                                  R"("speed":"1")", R"("response_format":null)"}) {
    EXPECT_NE(read(R"({"model":"tts-1","input":"a","voice":"alloy",)" + std::string(other) + "}").content,
              plain.content)
        << other;
  }
}

TEST(openai_speech, stands_aside_where_it_does_not_understand) {
  for (const auto* const body :
       {"{}", R"({"voice":"alloy"})", R"({"input":"a"})", R"({"input":"a","voice":7})",
        R"({"input":"","voice":"alloy"})", R"({"input":"a","voice":"alloy","stream_format":"websocket"})",
        R"({"input":"a","voice":"alloy","response_format":1})", "[]", "hello"}) {
    EXPECT_EQ(read(body).why_not, uncacheable_reason::malformed_body) << body;
  }
}

TEST(openai_speech, events_serve_the_audio_but_audio_no_events) {
  const auto& wire = openai_speech;
  EXPECT_TRUE(wire.can_serve(wire_form::stream, true, wire_form::plain, false));
  EXPECT_FALSE(wire.can_serve(wire_form::plain, false, wire_form::stream, true));
  const auto turned = [&](std::string_view audio) {
    const auto body = "data: {\"type\":\"speech.audio.delta\",\"audio\":\"" + base::base64_encode(audio) +
                      "\"}\n\ndata:\n\ndata: {\"type\":\"speech.audio.done\"}\n\n";
    return wire.render({.form = wire_form::stream, .body = body, .marks = {}, .suffix = "wav"}, wire_form::plain,
                       false);
  };
  const std::string silence(40, '\0');
  ASSERT_TRUE(turned(silence).has_value());
  EXPECT_EQ(turned(silence)->body, silence);
  EXPECT_EQ(turned(silence)->content_type, "audio/wav");
  EXPECT_FALSE(turned("RIFF")) << "a header alone";
}

TEST(openai_speech, events_without_audio_in_them_are_not_good) {
  const auto stream = [](std::string_view audio) {
    // In two pieces: neither of them is judged alone.
    std::string events;
    for (const auto piece : {audio.substr(0, audio.size() / 2), audio.substr(audio.size() / 2)}) {
      events += "data: {\"type\":\"speech.audio.delta\",\"audio\":\"" + base::base64_encode(piece) + "\"}\n\n";
    }
    return events + "data: {\"type\":\"speech.audio.done\"}\n\n";
  };
  EXPECT_TRUE(is_good_answer(openai_speech, wire_form::stream, stream(std::string(40, '\0'))));
  for (const std::string_view none :
       {"", "x", R"({"error":{"message":"no voice of that name is known"}})",
        "<!DOCTYPE html><html><body>Bad gateway</body></html>", "RIFF\x24\1\1\1WAVEfmt ", "ID3\4"}) {
    EXPECT_FALSE(is_good_answer(openai_speech, wire_form::stream, stream(none))) << none;
  }
}

TEST(openai_speech, a_200_that_is_no_audio_is_none) {
  const auto& wire = openai_speech;
  for (const auto* const type :
       {"audio/mpeg", "Audio/WAV; rate=8000", "application/ogg", "application/octet-stream", ""}) {
    EXPECT_TRUE(wire.answers_with(wire_form::plain, type)) << type;
  }
  for (const auto* const type : {"application/json", "text/html", "audiobook/x"}) {
    EXPECT_FALSE(wire.answers_with(wire_form::plain, type)) << type;
  }
  EXPECT_FALSE(wire.answers_with(wire_form::stream, "text/html"));
  EXPECT_FALSE(openai_chat.answers_with(wire_form::plain, "Text/HTML; charset=utf-8"));
  EXPECT_TRUE(openai_chat.answers_with(wire_form::plain, "text/plain"));
}

}  // namespace
}  // namespace refrain::provider
