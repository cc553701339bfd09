#include "provider/families/sarvam.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "provider/rules/batch.h"

namespace refrain::provider {
namespace {

entry::parsed_request read(std::string_view body) {
  return sarvam_speech.read({.path = "/text-to-speech", .query = {}, .body = body});
}

entry::parsed_request read_stream(std::string_view body) {
  return sarvam_speech_stream.read({.path = "/text-to-speech/stream", .query = {}, .body = body});
}

std::string ask(std::string_view body, std::span<const std::size_t> wanted) {
  const auto& batch = *sarvam_speech.as_batch();
  return batch.ask_for(read(body), body, wanted);
}

std::vector<entry::listed_item> items(std::string_view body) { return read(body).list.items; }

TEST(sarvam_speech, names_its_entry_after_speaker_and_codec) {
  const auto parsed = read(R"({"text":"One.","language_code":"hi-IN","speaker":"ritu","output_audio_codec":"mp3"})");
  EXPECT_EQ(parsed.group, "sarvam:ritu");
  EXPECT_EQ(parsed.suffix, "mp3");
  EXPECT_EQ(parsed.characters, 4U);
  EXPECT_EQ(read(R"({"text":"One.","language_code":"hi-IN"})").group, "sarvam:default");
  EXPECT_EQ(read(R"({"text":"One."})").suffix, "wav");
  EXPECT_EQ(read_stream(R"({"text":"One."})").suffix, "mp3");
}

TEST(sarvam_speech, says_one_thing_in_several_ways) {
  const auto content = read(R"({"text":"One.","language_code":"hi-IN"})").content;
  for (const auto* const same :
       {R"({"text":"One.","target_language_code":"hi-IN"})", R"({"inputs":["One."],"target_language_code":"hi-IN"})",
        R"({"text":"One.","language_code":"hi-IN","enable_cached_responses":true})",
        R"({"text":"One.","language_code":"hi-IN","pace":1,"pitch":0.0,"loudness":1.0,"temperature":0.6})",
        R"({"text":"One.","language_code":"hi-IN","output_audio_codec":"wav","speech_sample_rate":22050})"}) {
    EXPECT_EQ(read(same).content, content) << same;
  }
  for (const auto* const other :
       {R"({"text":"One.","language_code":"ta-IN"})", R"({"text":"One."})", R"({"text":"One","language_code":"hi-IN"})",
        R"({"inputs":["One.","One."],"language_code":"hi-IN"})", R"({"inputs":["On","e."],"language_code":"hi-IN"})",
        R"({"text":"One.","language_code":"hi-IN","speech_sample_rate":8000})",
        R"({"text":"One.","language_code":"hi-IN","dict_id":"d"})"}) {
    EXPECT_NE(read(other).content, content) << other;
  }
}

TEST(sarvam_speech, an_item_is_what_a_request_for_it_alone_is) {
  const auto all = items(R"({"inputs":["One.","Two two."],"target_language_code":"hi-IN","pace":1.5})");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].content, read(R"({"text":"One.","language_code":"hi-IN","pace":1.5})").content);
  EXPECT_EQ(all[1].content, read(R"({"inputs":["Two two."],"language_code":"hi-IN","pace":1.5})").content);
  EXPECT_EQ(all[1].query, "Two two.");
  EXPECT_EQ(all[1].characters, 8U);
}

TEST(sarvam_speech, stands_aside_where_it_does_not_understand) {
  for (const auto* const body :
       {"{}", R"({"text":""})", R"({"inputs":[]})", R"({"inputs":["a",""]})", R"({"inputs":[1]})", R"({"inputs":"a"})",
        R"({"text":["a"]})", R"({"text":"a","inputs":["a"]})", "[]", "x",
        R"({"text":"a","language_code":"hi-IN","target_language_code":"hi-IN"})"}) {
    EXPECT_EQ(read(body).why_not, uncacheable_reason::malformed_body) << body;
  }
  EXPECT_EQ(read_stream(R"({"inputs":["a"]})").why_not, uncacheable_reason::malformed_body);
}

TEST(sarvam_speech, asks_for_what_is_wanted_and_leaves_the_rest_alone) {
  const std::string_view body = R"({ "pace":1.50, "inputs":["a","\u0062","c"], "language_code":"hi-IN" })";
  EXPECT_EQ(ask(body, std::array<std::size_t, 2>{1, 2}),
            R"({"pace":1.50,"inputs":["\u0062","c"],"language_code":"hi-IN"})");
  EXPECT_EQ(ask(body, std::array<std::size_t, 3>{0, 1, 2}), body);
  EXPECT_EQ(ask(R"({ "text":"a" })", std::array<std::size_t, 1>{0}), R"({ "text":"a" })");
}

TEST(sarvam_speech, an_answer_comes_apart_and_together_again) {
  const auto& batch = *sarvam_speech.as_batch();
  const std::string_view answer = R"({"request_id":"r","audios":["UQ==","Ug=="],"more":1.0})";
  const auto parts = batch.take_apart(answer, 2);
  ASSERT_TRUE(parts);
  EXPECT_EQ((*parts)[1], R"({"request_id":"r","audios":["Ug=="],"more":1.0})");
  const auto whole = batch.put_together({}, std::array<std::string_view, 2>{(*parts)[0], (*parts)[1]}, {});
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->body, answer);
  EXPECT_EQ(whole->content_type, "application/json");
  for (const auto count : {std::size_t{1}, std::size_t{3}}) {
    const auto wrong = batch.take_apart(answer, count);
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code, base::errc::upstream_protocol);
  }
  const std::string_view alone = R"({ "audios" : ["UQ=="] })";
  EXPECT_EQ(batch.take_apart(alone, 1).value()[0], alone);
  EXPECT_EQ(batch.put_together({}, std::array{alone}, {})->body, alone);
  EXPECT_FALSE(batch.put_together({}, std::array<std::string_view, 2>{alone, "{}"}, {}));
}

TEST(sarvam_speech, only_audio_in_base64_is_good) {
  EXPECT_TRUE(is_good_answer(sarvam_speech, wire_form::plain,
                             R"({"audios":["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]})"));
  for (const auto* const odd :
       {"[]", "null", "{}", R"({"audios":null})", R"({"audios":[]})", R"({"audios":[""]})", R"({"audios":["UQ==",""]})",
        R"({"audios":["UQ==",null]})", R"({"audios":["U%=="]})", R"({"audios":[["UQ=="]]})", R"({"audios":"UQ=="})",
        R"({"audios":[{"data":"UQ=="}]})",
        // One byte, JSON, a page, and the head of a WAV.
        R"({"audios":["UQ=="]})", R"({"audios":["eyJlcnJvciI6Im5vIHZvaWNlIG9mIHRoYXQgbmFtZSBpcyBrbm93biBoZXJlIn0="]})",
        R"({"audios":["PCFET0NUWVBFIGh0bWw+PGh0bWw+PGJvZHk+QmFkIGdhdGV3YXk8L2JvZHk+PC9odG1sPg=="]})",
        R"({"audios":["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","UklGRiQAAABXQVZFZm10IA=="]})"}) {
    EXPECT_FALSE(is_good_answer(sarvam_speech, wire_form::plain, odd)) << odd;
  }
}

}  // namespace
}  // namespace refrain::provider
