#include "provider/families/openai.h"

#include <gtest/gtest.h>

#include <string>

#include "support/provider/reading.h"

namespace refrain::provider {
namespace {

entry::parsed_request read(const dialect& wire, std::string_view body) {
  return wire.read({.path = "", .query = {}, .body = body});
}

uncacheable_reason judge(const dialect& wire, std::string_view body) {
  return testing::read_at_once(wire, wire_form::plain, body).why_not;
}

TEST(lists, a_request_without_what_it_needs_is_not_cached) {
  for (const auto* const wire : {&openai_images, &openai_moderations, &rerank}) {
    EXPECT_EQ(read(*wire, R"({"model":"m"})").why_not, uncacheable_reason::malformed_body);
    EXPECT_EQ(read(*wire, "[]").why_not, uncacheable_reason::malformed_body);
    EXPECT_EQ(read(*wire, R"({"prompt":"a","input":"a","query":"a","documents":[]})").why_not,
              uncacheable_reason::none);
  }
}

TEST(lists, people_are_shown_what_was_asked) {
  EXPECT_EQ(read(openai_images, R"({"prompt":"A hill"})").query, "A hill");
  EXPECT_EQ(read(openai_moderations, R"({"input":["a","b"]})").query, "a b");
  EXPECT_EQ(read(rerank, R"({"query":"Which?","documents":["a"]})").query, "Which?");
}

TEST(lists, directives_to_the_cache_are_read_and_stay_behind) {
  const std::string body = R"({"input":"a","cache":{"ttl":5}})";
  const auto parsed = read(openai_moderations, body);
  EXPECT_EQ(parsed.directives.ttl, std::chrono::seconds{5});
  EXPECT_EQ(parsed.content, read(openai_moderations, R"({"input":"a"})").content);
  EXPECT_EQ(openai_moderations.forward_body(body, parsed, true), R"({"input":"a"})");
}

TEST(images, a_stream_has_an_entry_of_its_own) {
  const auto plain = read(openai_images, R"({"prompt":"a"})");
  const auto streamed = read(openai_images, R"({"prompt":"a","stream":true})");
  EXPECT_EQ(streamed.form, wire_form::stream);
  EXPECT_NE(streamed.content, plain.content);
  EXPECT_FALSE(openai_images.can_serve(wire_form::stream, true, wire_form::plain, false));
  EXPECT_FALSE(openai_images.can_serve(wire_form::plain, true, wire_form::stream, false));
}

TEST(images, names_of_end_users_are_keyed_as_the_answer_echoes_them) {
  const auto bare = read(openai_images, R"({"prompt":"a"})").content;
  EXPECT_NE(read(openai_images, R"({"prompt":"a","user":"u"})").content, bare);
  EXPECT_NE(read(openai_images, R"({"prompt":"a","safety_identifier":"u"})").content, bare);
}

TEST(images, behind_links_are_not_stored) {
  EXPECT_EQ(judge(openai_images, R"({"data":[{"b64_json":"aGk="}]})"), uncacheable_reason::none);
  EXPECT_EQ(judge(openai_images, R"({"data":[{"url":"https://example.com/a.png"}]})"),
            uncacheable_reason::expiring_answer);
  EXPECT_EQ(judge(openai_images, R"({"data":[{"url":"data:image/png;base64,aGk="}]})"), uncacheable_reason::none);
  EXPECT_EQ(judge(openai_images, R"({"data":[{"b64_json":""}]})"), uncacheable_reason::empty_answer);
}

TEST(images, that_are_streamed_together_are_not_stored) {
  const std::string one = "data: {\"type\":\"image_generation.completed\",\"b64_json\":\"aGk=\"}\n\n";
  EXPECT_EQ(testing::read_at_once(openai_images, wire_form::stream, one).why_not, uncacheable_reason::none);
  EXPECT_EQ(testing::read_at_once(openai_images, wire_form::stream, one + one).why_not,
            uncacheable_reason::malformed_answer);
}

TEST(rankings, count_the_tokens_that_the_provider_tells) {
  const auto judged = testing::read_at_once(
      rerank, wire_form::plain,
      R"({"usage":{"total_tokens":5,"prompt_tokens":5},"results":[{"index":0,"relevance_score":0.5}]})");
  EXPECT_EQ(judged.usage.input, 5U);
  EXPECT_FALSE(judged.usage.output);
}

}  // namespace
}  // namespace refrain::provider
