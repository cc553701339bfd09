#include "mock/routes.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace refrain::mock {
namespace {

namespace json = boost::json;

call asking(std::string target, std::string upgrade = "websocket") {
  return {.number = 1,
          .method = "GET",
          .target = std::move(target),
          .headers = {{"connection", "keep-alive, Upgrade"}, {"Upgrade", std::move(upgrade)}}};
}

std::unique_ptr<websocket_handler> open(const std::string& target) {
  const auto asked = asking(target);
  return find_route(asked).open(asked);
}

reaction said(websocket_handler& to, std::string text) { return to.receive({.bytes = std::move(text)}); }

TEST(websocket_handlers, are_found_by_path_for_those_who_ask) {
  for (const auto* const path : {"/v1/text-to-speech/rachel/stream-input?model_id=m", "/text-to-speech/ws?model=m",
                                 "/v1/realtime?model=m", "/v1/echo"}) {
    EXPECT_NE(find_route(asking(path)).open, nullptr) << path;
    EXPECT_EQ(find_route(asking(path, "h2c")).open, nullptr) << path;
  }
  EXPECT_EQ(find_route(asking("/v1/models")).open, nullptr);
  auto post = asking("/v1/echo");
  post.method = "POST";
  EXPECT_EQ(find_route(post).open, nullptr);
}

TEST(websocket_handlers, echo_what_they_hear) {
  const auto one = open("/echo");
  const auto back = one->receive({.bytes = "bytes", .text = false});
  ASSERT_EQ(back.messages.size(), 1U);
  EXPECT_EQ(back.messages[0].bytes, "bytes");
  EXPECT_FALSE(back.messages[0].text);
}

TEST(elevenlabs_talks, speak_what_has_gathered_when_they_are_told_to) {
  const auto one = open("/v1/text-to-speech/rachel/stream-input");
  EXPECT_TRUE(said(*one, R"({"text":" ","try_trigger_generation":true})").messages.empty());
  EXPECT_TRUE(said(*one, R"({"text":"Hi "})").messages.empty());
  const auto spoken = said(*one, R"({"text":"you ","flush":true})");
  ASSERT_EQ(spoken.messages.size(), 1U);
  const auto frame = json::parse(spoken.messages[0].bytes);
  EXPECT_EQ(frame.at("audio").as_string(), "cmFjaGVsOiBIaSB5b3Ug") << "rachel: Hi you";
  EXPECT_TRUE(frame.at("isFinal").is_null());
  for (const auto* const name : {"chars", "charStartTimesMs", "charDurationsMs"}) {
    EXPECT_EQ(frame.at("alignment").at(name).as_array().size(), 7U) << name;
  }
}

TEST(elevenlabs_talks, end_with_the_rest_and_a_last_frame) {
  const auto one = open("/v1/text-to-speech/rachel/stream-input");
  said(*one, R"({"text":" "})");
  said(*one, R"({"text":"rest "})");
  const auto last = said(*one, R"({"text":""})");
  EXPECT_TRUE(last.closes);
  ASSERT_EQ(last.messages.size(), 2U);
  EXPECT_TRUE(json::parse(last.messages[0].bytes).at("audio").is_string());
  EXPECT_TRUE(json::parse(last.messages[1].bytes).at("isFinal").as_bool());
  EXPECT_TRUE(json::parse(last.messages[1].bytes).at("audio").is_null());
}

TEST(elevenlabs_talks, end_where_a_message_is_none) {
  for (const auto* const text : {"nonsense", "{}", R"({"text":1})"}) {
    const auto one = open("/v1/text-to-speech/rachel/stream-input");
    const auto last = said(*one, text);
    EXPECT_TRUE(last.closes);
    EXPECT_TRUE(json::parse(last.messages.at(0).bytes).as_object().contains("message"));
  }
}

TEST(sarvam_talks, speak_when_enough_has_gathered_or_at_a_flush) {
  const auto one = open("/text-to-speech/ws");
  said(*one, R"({"type":"config","data":{"speaker":"arya","output_audio_codec":"wav","min_buffer_size":4}})");
  EXPECT_TRUE(said(*one, R"({"type":"ping"})").messages.empty());
  EXPECT_TRUE(said(*one, R"({"type":"text","data":{"text":"ab"}})").messages.empty());
  const auto spoken = said(*one, R"({"type":"text","data":{"text":"cd"}})");
  ASSERT_EQ(spoken.messages.size(), 1U);
  const auto frame = json::parse(spoken.messages[0].bytes);
  EXPECT_EQ(frame.at("data").at("audio").as_string(), "YXJ5YTogYWJjZA==") << "arya: abcd";
  EXPECT_EQ(frame.at("data").at("content_type").as_string(), "audio/wav");
  EXPECT_TRUE(said(*one, R"({"type":"flush"})").messages.empty()) << "nothing has gathered";
  said(*one, R"({"type":"text","data":{"text":"e"}})");
  EXPECT_EQ(said(*one, R"({"type":"flush"})").messages.size(), 1U) << "nobody asked for the event";
}

TEST(sarvam_talks, tell_the_end_to_those_who_ask) {
  for (const std::string how : {"true", "True", "false"}) {
    const auto one = open("/text-to-speech/ws?send_completion_event=" + how + "&model=m");
    said(*one, R"({"type":"config","data":{}})");
    const auto told = said(*one, R"({"type":"flush"})");
    ASSERT_EQ(told.messages.size(), how == "false" ? 0U : 1U) << how;
    if (told.messages.empty()) continue;
    EXPECT_EQ(json::parse(told.messages[0].bytes).at("data").at("event_type").as_string(), "final");
  }
}

TEST(sarvam_talks, want_their_configuration_first) {
  const auto one = open("/text-to-speech/ws");
  const auto last = said(*one, R"({"type":"text","data":{"text":"a"}})");
  EXPECT_TRUE(last.closes);
  EXPECT_EQ(json::parse(last.messages.at(0).bytes).at("type").as_string(), "error");
}

}  // namespace
}  // namespace refrain::mock
