#include "provider/families/openai.h"

#include <gtest/gtest.h>

#include <string>

#include "support/provider/reading.h"

namespace refrain::provider {
namespace {

using testing::form_part;

const form_part file{.name = "file", .is_file = true, .type = "audio/wav", .bytes = "RIFF"};

/// The facts of a form with a file, a model and more.
entry::parsed_request parse(std::vector<form_part> more, bool with_file = true, bool with_model = true) {
  if (with_file) more.push_back(file);
  if (with_model) more.push_back({.name = "model", .bytes = "whisper-1"});
  const auto body = testing::form_of(more, "edge", "a.wav");
  return openai_transcription.read({.path = "/audio/transcriptions",
                                    .query = {},
                                    .body = body,
                                    .content_type = "multipart/form-data; boundary=edge"});
}

form_part field(std::string name, std::string text) { return {.name = std::move(name), .bytes = std::move(text)}; }

TEST(transcription_request, tells_model_prompt_and_form) {
  const auto parsed = parse({field("prompt", "Names: Zoë"), field("stream", "true")});
  EXPECT_EQ(parsed.why_not, uncacheable_reason::none);
  EXPECT_EQ(parsed.model, "whisper-1");
  EXPECT_EQ(parsed.query, "Names: Zoë");
  EXPECT_EQ(parsed.form, wire_form::stream);
  EXPECT_EQ(parse({field("stream", "false")}).form, wire_form::plain);
}

TEST(transcription_request, without_what_it_needs_is_not_cached) {
  EXPECT_EQ(parse({}, false).why_not, uncacheable_reason::malformed_body);
  EXPECT_EQ(parse({}, true, false).why_not, uncacheable_reason::malformed_body);
  EXPECT_EQ(parse({field("model", "")}, true, false).why_not, uncacheable_reason::malformed_body);
  EXPECT_EQ(parse({field("model", "\xff")}, true, false).why_not, uncacheable_reason::malformed_body);
  EXPECT_EQ(parse({field("stream", "yes")}).why_not, uncacheable_reason::malformed_body);
  EXPECT_EQ(parse({field("model", "other")}).why_not, uncacheable_reason::ambiguous_body);
  EXPECT_EQ(openai_transcription.read({.path = "/audio/transcriptions", .query = {}, .body = "{}"}).why_not,
            uncacheable_reason::malformed_body);
}

TEST(transcription_request, parts_of_one_name_are_keyed_in_their_order) {
  const auto parsed = parse({field("k[]", "word"), field("k[]", "segment")});
  EXPECT_NE(parsed.content, parse({field("k[]", "segment"), field("k[]", "word")}).content);
  EXPECT_NE(parsed.content, parse({field("k[]", "word")}).content);
  EXPECT_NE(parse({field("a", "b")}).content, parse({{.name = "a", .is_file = true, .bytes = "b"}}).content);
}

TEST(transcription_request, the_two_forms_share_an_entry_where_they_hold_the_same) {
  const auto shares = [](std::vector<form_part> parts) {
    const auto plain = parse(parts).content;
    parts.push_back(field("stream", "true"));
    return parse(parts).content == plain;
  };
  EXPECT_TRUE(shares({}));
  EXPECT_TRUE(shares({field("response_format", "json")}));
  for (const auto* const format : {"text", "srt", "vtt", "verbose_json", "diarized_json"}) {
    EXPECT_FALSE(shares({field("response_format", format)})) << format;
  }
}

TEST(transcription_request, goes_upstream_to_the_letter) {
  EXPECT_EQ(openai_transcription.forward_body("any \xff bytes", {}, true), "any \xff bytes");
}

TEST(transcript, both_forms_hold_the_same) {
  const std::string plain = R"({"text":"One two.","usage":{"type":"tokens","input_tokens":3,"output_tokens":2}})";
  const auto stream = testing::split(openai_transcription, plain);
  ASSERT_TRUE(stream);
  EXPECT_EQ(*stream,
            "data: {\"type\":\"transcript.text.delta\",\"delta\":\"One two.\"}\n\n"
            "data: {\"type\":\"transcript.text.done\",\"text\":\"One two.\","
            "\"usage\":{\"type\":\"tokens\",\"input_tokens\":3,\"output_tokens\":2}}\n\n");
  EXPECT_EQ(*testing::merge(openai_transcription, *stream), plain);
}

TEST(transcript, of_another_shape_cannot_be_turned) {
  EXPECT_FALSE(testing::split(openai_transcription, "One two."));
  EXPECT_FALSE(testing::split(openai_transcription, R"({"words":[]})"));
  EXPECT_FALSE(testing::merge(openai_transcription, "data: {\"type\":\"transcript.text.delta\",\"delta\":\"a\"}\n\n"));
}

TEST(transcript, counts_the_tokens_of_both_forms) {
  const std::string plain = R"({"text":"One","usage":{"type":"tokens","input_tokens":3,"output_tokens":2}})";
  const entry::token_usage expected{.input = 3, .cached_input = std::nullopt, .output = 2};
  EXPECT_EQ(testing::read_at_once(openai_transcription, wire_form::plain, plain).usage, expected);
  EXPECT_EQ(testing::read_at_once(openai_transcription, wire_form::stream, *testing::split(openai_transcription, plain))
                .usage,
            expected);
}

}  // namespace
}  // namespace refrain::provider
