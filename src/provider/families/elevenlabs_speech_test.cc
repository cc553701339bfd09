#include "provider/families/elevenlabs_speech.h"

#include <gtest/gtest.h>

#include <string>

namespace refrain::provider {
namespace {

constexpr std::string_view path = "/v1/text-to-speech/Rachel";
constexpr std::string_view hello = R"({"text":"na\u00efve","model_id":"eleven_flash_v2_5"})";

entry::parsed_request read(std::string_view body, std::string_view query = {}, std::string_view at = path) {
  return elevenlabs_speech.read({.path = at, .query = query, .body = body});
}

TEST(elevenlabs_speech, names_its_entry_after_voice_and_codec) {
  const auto parsed = read(hello);
  EXPECT_EQ(parsed.why_not, uncacheable_reason::none);
  EXPECT_EQ(parsed.group, "elevenlabs:Rachel");
  EXPECT_EQ(parsed.suffix, "mp3");
  EXPECT_EQ(parsed.model, "eleven_flash_v2_5");
  EXPECT_EQ(parsed.query, "na\u00efve");
  EXPECT_EQ(parsed.characters, 5U);
  EXPECT_TRUE(parsed.target_in_content);
  EXPECT_EQ(read(hello, "output_format=ulaw_8000").suffix, "ulaw");
  EXPECT_EQ(read(hello, "", "/text-to-speech/a%2fb").group, "elevenlabs:a%2Fb");
}

TEST(elevenlabs_speech, tells_its_forms_by_their_paths) {
  struct form_of_path {
    std::string_view rest;
    wire_form form;
  };
  for (const auto& [rest, form] : {
           form_of_path{"", wire_form::plain},
           form_of_path{"/stream", wire_form::plain},
           form_of_path{"/with-timestamps", wire_form::timed},
           form_of_path{"/stream/with-timestamps", wire_form::timed_stream},
       }) {
    const auto parsed = read(hello, "", std::string(path).append(rest));
    EXPECT_EQ(parsed.form, form) << rest;
    EXPECT_EQ(parsed.content, read(hello).content) << rest;
  }
}

TEST(elevenlabs_speech, a_stated_default_equals_the_absent_one) {
  for (const auto* const query : {"output_format=mp3_44100_128", "enable_logging=true"}) {
    EXPECT_EQ(read(hello, query).content, read(hello).content) << query;
  }
  for (const auto* const member : {R"("apply_text_normalization":"auto")", R"("use_pvc_as_ivc":false)",
                                   R"("apply_language_text_normalization":false)"}) {
    const auto body = R"({"text":"na\u00efve","model_id":"eleven_flash_v2_5",)" + std::string(member) + "}";
    EXPECT_EQ(read(body).content, read(hello).content) << member;
  }
}

TEST(elevenlabs_speech, voice_and_query_are_part_of_the_content) {
  for (const auto* const query :
       {"output_format=pcm_16000", "optimize_streaming_latency=0", "enable_logging=false", "never_heard_of=1"}) {
    EXPECT_NE(read(hello, query).content, read(hello).content) << query;
  }
  EXPECT_NE(read(hello, "", "/text-to-speech/Adam").content, read(hello).content);
  EXPECT_EQ(read(hello, "", "/text-to-speech/%52achel").content, read(hello).content);
}

TEST(elevenlabs_speech, what_is_stitched_to_other_requests_is_not_cached) {
  for (const auto* const member : {"previous_request_ids", "next_request_ids"}) {
    const auto with = [&](std::string_view ids) {
      return read(R"({"text":"a",")" + std::string(member).append("\":").append(ids).append("}")).why_not;
    };
    EXPECT_EQ(with(R"(["r1"])"), uncacheable_reason::server_state);
    EXPECT_EQ(with("[]"), uncacheable_reason::none);
    EXPECT_EQ(with("null"), uncacheable_reason::none);
  }
}

TEST(elevenlabs_speech, stands_aside_where_it_does_not_understand) {
  for (const auto* const body : {"{}", R"({"text":""})", R"({"text":7})", "[]", "hello"}) {
    EXPECT_EQ(read(body).why_not, uncacheable_reason::malformed_body) << body;
  }
  EXPECT_EQ(read(hello, "", "/text-to-speech/a/b").why_not, uncacheable_reason::malformed_body);
}

TEST(elevenlabs_speech, audio_serves_audio_alone_and_times_serve_all) {
  const auto& wire = elevenlabs_speech;
  for (const auto form : {wire_form::plain, wire_form::timed, wire_form::timed_stream}) {
    EXPECT_EQ(wire.can_serve(wire_form::plain, false, form, false), form == wire_form::plain);
    EXPECT_TRUE(wire.can_serve(wire_form::timed, false, form, false));
    EXPECT_TRUE(wire.can_serve(wire_form::timed_stream, false, form, false));
  }
  EXPECT_FALSE(wire.answers_with(wire_form::plain, "application/json"));
}

/// One object of all lines.
base::result<rendering> join(std::string_view lines) {
  return elevenlabs_speech.render({.form = wire_form::timed_stream, .body = lines, .marks = {}}, wire_form::timed,
                                  false);
}

TEST(elevenlabs_timed, lines_whose_times_run_backwards_do_not_go_together) {
  const auto line = [](std::string_view from, std::string_view to) {
    const std::string times = "[" + std::string(from) + "," + std::string(to) + "]";
    return R"({"audio_base64":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","alignment":{"characters":["a","b"],"character_start_times_seconds":)" +
           times + R"(,"character_end_times_seconds":)" + times + "}}\n";
  };
  EXPECT_TRUE(join(line("0", "0.5") + line("0.5", "1e0")));
  EXPECT_FALSE(join(line("0", "0.5") + line("0", "0.5")));
  EXPECT_FALSE(join("{\"audio_base64\":\"\"}\n"));
}

TEST(elevenlabs_timed, lines_without_audio_in_them_are_not_good) {
  const auto is_good = [](std::string_view lines) {
    return is_good_answer(elevenlabs_speech, wire_form::timed_stream, lines);
  };
  const std::string silence = R"({"audio_base64":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","alignment":null})";
  EXPECT_TRUE(is_good(silence + "\n" + silence + "\n"));
  // JSON, a page, and a header without samples.
  for (const std::string_view none :
       {"eyJlcnJvciI6Im5vIHZvaWNlIG9mIHRoYXQgbmFtZSBpcyBrbm93biBoZXJlIn0=",
        "PCFET0NUWVBFIGh0bWw+PGh0bWw+PGJvZHk+QmFkIGdhdGV3YXk8L2JvZHk+PC9odG1sPg==", "UklGRg=="}) {
    EXPECT_FALSE(is_good("{\"audio_base64\":\"" + std::string{none} + "\",\"alignment\":null}\n")) << none;
  }
}

TEST(elevenlabs_timed, numbers_and_other_members_are_kept_to_the_letter) {
  const auto joined = join(R"({"audio_base64":"\u0041AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","alignment":null,"more":1.50})"
                           "\n"
                           R"({"audio_base64":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","alignment":null})");
  ASSERT_TRUE(joined);
  EXPECT_EQ(
      joined->body,
      R"({"audio_base64":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","alignment":null,"more":1.50})");
  EXPECT_FALSE(join(R"({"audio_base64":"UklGRg==","alignment":null})")) << "a header alone";
}

}  // namespace
}  // namespace refrain::provider
