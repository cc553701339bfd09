#include "provider/families/deepgram_speak.h"

#include <gtest/gtest.h>

namespace refrain::provider {
namespace {

entry::parsed_request read(std::string_view query, std::string_view body = R"({"text":"Hello."})") {
  return deepgram_speak.read({.path = "/speak", .query = query, .body = body});
}

TEST(deepgram_speak, names_its_entry_after_model_and_encoding) {
  const auto parsed = read("model=aura-2-thalia-en&encoding=linear16");
  EXPECT_EQ(parsed.group, "deepgram:aura-2-thalia-en");
  EXPECT_EQ(parsed.model, "aura-2-thalia-en");
  EXPECT_EQ(parsed.suffix, "linear16");
  EXPECT_EQ(parsed.characters, 6U);
  EXPECT_EQ(read("").group, "deepgram:aura-asteria-en");
  EXPECT_EQ(read("").suffix, "mp3");
}

struct pair_of_queries {
  std::string_view name;
  std::string_view one;
  std::string_view other;
  bool same;
};

class deepgram_queries : public testing::TestWithParam<pair_of_queries> {};

TEST_P(deepgram_queries, hold) {
  const auto& [name, one, other, same] = GetParam();
  EXPECT_EQ(read(one).content == read(other).content, same);
}

INSTANTIATE_TEST_SUITE_P(
    each, deepgram_queries,
    testing::Values(
        pair_of_queries{"what_is_usual", "", "encoding=mp3&model=aura-asteria-en&speed=1", true},
        pair_of_queries{"bit_rate_of_mp3", "bit_rate=48000", "", true},
        pair_of_queries{"container_of_samples", "encoding=linear16&container=wav", "encoding=linear16", true},
        pair_of_queries{"rate_of_samples", "encoding=mulaw&sample_rate=8000", "encoding=mulaw", true},
        pair_of_queries{"rate_of_another_encoding", "encoding=linear16&sample_rate=8000", "encoding=linear16", false},
        pair_of_queries{"rate_that_nobody_states", "encoding=flac&sample_rate=24000", "encoding=flac", false},
        pair_of_queries{"raw_samples", "encoding=linear16&container=none", "encoding=linear16", false},
        pair_of_queries{"labels", "tag=a&tag=b&mip_opt_out=true", "", true},
        pair_of_queries{"what_nobody_knows", "never_heard_of=1", "", false}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(deepgram_speak, an_answer_to_elsewhere_is_not_cached) {
  EXPECT_EQ(read("callback=http%3A%2F%2Fexample.com").why_not, uncacheable_reason::upstream_effect);
}

TEST(deepgram_speak, stands_aside_where_it_does_not_understand) {
  for (const auto* const body : {"{}", R"({"text":""})", R"({"url":"x"})", "[]", "x"}) {
    EXPECT_EQ(read("", body).why_not, uncacheable_reason::malformed_body) << body;
  }
}

}  // namespace
}  // namespace refrain::provider
