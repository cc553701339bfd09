#include "entry/codec.h"

#include <gtest/gtest.h>

namespace refrain::entry {
namespace {

meta full() {
  meta about;
  about.id = {.type = cache_type::tts,
              .digest = base::sha256("digest"),
              .tenant = base::sha256("tenant"),
              .group = "elevenlabs:Anna",
              .suffix = "mp3_44100_128"};
  about.stored_at = base::sys_seconds{std::chrono::seconds{1'700'000'000}};
  about.ttl = std::chrono::seconds{1800};
  about.purge_number = 7;
  about.fill = "00112233445566aa";
  about.upstream = "elevenlabs";
  about.endpoint = "speech";
  about.model = "eleven_v3";
  about.level = "balanced";
  about.tenant_label = "anna";
  about.name_space = "shared";
  about.tags = {"a", "b"};
  about.query = "Say \"hello\"\n\x01 to Zo\xc3\xab";
  about.form = wire_form::stream;
  about.usage_asked = true;
  about.content_type = "audio/mpeg";
  about.headers = {{"x-character-cost", "5"}, {"x-odd", "not UTF-8: \xff\xfe"}};
  about.marks = {{.what = mark::kind::usage, .offset = 10, .length = 20},
                 {.what = mark::kind::terminator, .offset = 90, .length = 10}};
  about.usage = {.input = 12, .cached_input = 3, .output = 0};
  about.cost = micro_usd{1234};
  about.fields = {{.name = "model", .value = base::sha256("m")}, {.name = "", .value = base::sha256("e")}};
  about.size = 100;
  about.similar = semantic_record{.partition = base::sha256("partition"),
                                  .contributor = base::sha256("who"),
                                  .encoder = 0xffff'ffff'ffff'fff1,
                                  .text = "Say \"hello\"\n\x01 to Zo\xc3\xab",
                                  .vector = "AAECAw=="};
  return about;
}

/// The JSON of full() with a piece of it replaced.
std::string with(std::string_view piece, std::string_view by) {
  std::string json = encode(full());
  const auto at = json.find(piece);
  EXPECT_NE(at, std::string::npos) << piece << " in " << json;
  return json.replace(at, piece.size(), by);
}

TEST(codec, gives_back_every_member) {
  const auto again = decode_meta(encode(full()));
  ASSERT_TRUE(again.has_value()) << again.error().context;
  EXPECT_EQ(*again, full());
}

TEST(codec, gives_back_a_meta_with_nothing_in_it) {
  const auto again = decode_meta(encode(meta{}));
  ASSERT_TRUE(again.has_value()) << again.error().context;
  EXPECT_EQ(*again, meta{});
}

TEST(codec, refuses_what_is_no_json_in_a_member_that_is_skipped) {
  const auto fault = decode_meta(with(R"("usage":{"input":12,)", R"("usage":{"in(ut":,1)"));
  ASSERT_FALSE(fault.has_value());
  EXPECT_EQ(fault.error().code, base::errc::store_corrupt);
  EXPECT_FALSE(decode_meta(with(R"("fields":{)", R"("usage":{"in(ut":,1"x":2},"fields":{)")).has_value());
}

TEST(codec, ignores_members_that_it_does_not_know) {
  const auto again = decode_meta(with("{\"version\":1", "{\"later\":{\"x\":[1]},\"version\":1"));
  ASSERT_TRUE(again.has_value()) << again.error().context;
  EXPECT_EQ(*again, full());
}

TEST(codec, members_stand_readable) {
  const auto json = encode(full());
  for (const auto* piece : {R"("type":"tts")", R"("stored_at":1700000000)", R"("ttl":1800)", R"("form":"stream")",
                            R"("cost_micro_usd":1234)", R"("place":"elevenlabs:Anna")"}) {
    EXPECT_NE(json.find(piece), std::string::npos) << piece;
  }
}

struct fault {
  std::string_view name;
  std::string_view piece;
  std::string_view by;
};

class faulty_metas : public testing::TestWithParam<fault> {};

TEST_P(faulty_metas, are_refused) {
  const auto& [name, piece, by] = GetParam();
  const auto read = decode_meta(with(piece, by));
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, base::errc::store_corrupt);
}

INSTANTIATE_TEST_SUITE_P(
    each, faulty_metas,
    testing::Values(fault{"another_version", "\"version\":1", "\"version\":2"},
                    fault{"no_version", "\"version\":1,", ""}, fault{"missing_member", "\"model\":\"eleven_v3\",", ""},
                    fault{"unknown_type", "\"tts\"", "\"video\""}, fault{"unknown_form", "\"stream\"", "\"both\""},
                    fault{"short_digest", "\"digest\":\"", "\"digest\":\"00"},
                    fault{"number_as_text", "\"ttl\":1800", "\"ttl\":\"1800\""},
                    fault{"fraction", "\"ttl\":1800", "\"ttl\":1800.5"},
                    fault{"negative_ttl", "\"ttl\":1800", "\"ttl\":-1"},
                    fault{"endless_ttl", "\"ttl\":1800", "\"ttl\":9223372036854775807"},
                    fault{"negative_size", "\"size\":100", "\"size\":-1"},
                    fault{"time_that_overflows", "1700000000", "9223372036854775807"},
                    fault{"mark_beyond_the_body", "\"offset\":90,\"length\":10", "\"offset\":90,\"length\":11"},
                    fault{"mark_that_overflows", "\"offset\":90", "\"offset\":18446744073709551615"},
                    fault{"unknown_mark", "\"terminator\"", "\"delta\""},
                    fault{"header_without_value", "[\"x-character-cost\",\"5\"]", "[\"x-character-cost\"]"},
                    fault{"tag_that_is_no_text", "\"tags\":[\"a\"", "\"tags\":[1"},
                    fault{"negative_tokens", "\"input\":12", "\"input\":-12"},
                    fault{"more_after_the_end", "{\"version\"", "{}{\"version\""}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(codec, refuses_what_is_not_an_object_or_too_long) {
  for (const auto& text : {std::string{}, std::string{"null"}, std::string{"[]"}, std::string(100, '['),
                           std::string(max_meta_bytes + 1, ' ')}) {
    EXPECT_FALSE(decode_meta(text).has_value());
  }
}

TEST(codec, every_prefix_of_a_meta_is_refused) {
  const auto json = encode(full());
  for (std::size_t i = 0; i < json.size(); ++i) EXPECT_FALSE(decode_meta(json.substr(0, i)).has_value()) << i;
}

}  // namespace
}  // namespace refrain::entry
