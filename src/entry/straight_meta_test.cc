#include "entry/meta_members.h"

#include <gtest/gtest.h>

#include <optional>

#include "entry/codec.h"

namespace refrain::entry {
namespace {

meta typical() {
  meta about;
  about.id = {.type = cache_type::llm,
              .digest = base::sha256("digest"),
              .tenant = base::sha256("tenant"),
              .group = {},
              .suffix = {}};
  about.stored_at = base::sys_seconds{std::chrono::seconds{1'700'000'000}};
  about.ttl = std::chrono::seconds{1800};
  about.fill = "00112233445566aa";
  about.model = "gpt-4o-mini";
  about.tags = {"a", "b"};
  about.query = "What is 2 + 2?";
  about.headers = {{"x-one", "5"}, {"x-two", ""}};
  about.marks = {{.what = mark::kind::usage, .offset = 10, .length = 20}};
  about.usage = {.input = 12, .output = 18'446'744'073'709'551'615ull};
  about.cost = micro_usd{1234};
  about.fields = {{.name = "model", .value = base::sha256("m")}, {.name = "", .value = base::sha256("e")}};
  about.size = 100;
  return about;
}

/// The JSON of typical() with a piece of it replaced.
std::string with(std::string_view piece, std::string_view by) {
  std::string json = encode(typical());
  const auto at = json.find(piece);
  EXPECT_NE(at, std::string::npos) << piece << " in " << json;
  return json.replace(at, piece.size(), by);
}

std::optional<meta> straight(std::string_view json) {
  std::optional<meta> about{std::in_place};
  if (!decode_straight(json, *about)) about.reset();
  return about;
}

TEST(straight_metas, are_read_as_they_were_written) {
  for (const auto& one : {typical(), meta{}}) EXPECT_EQ(straight(encode(one)), one);
}

TEST(straight_metas, hold_any_text) {
  auto about = typical();
  for (const auto* text : {"\"", "\\", "\\\\\"", "ends in \\", "\n\t\r\b\f", "/",
                           "Zo\xc3\xab \xe2\x80\x94 \xf0\x9f\x98\x80", "{\"version\":1}", "\\u0041", ""}) {
    about.query = text;
    about.tags = {text, text};
    about.headers = {{"x-name", text}};
    about.fields = {{.name = text, .value = base::sha256("e")}};
    EXPECT_EQ(straight(encode(about)), about) << text;
  }
}

/// Right or wrong: whoever reads JSON in general shall say.
TEST(metas_that_are_not_straight, are_left_to_others) {
  const std::pair<std::string_view, std::string_view> cases[]{
      {"{\"version\"", " {\"version\""},
      {"{\"version\"", "{}{\"version\""},
      {"\"version\":1", "\"version\": 1"},
      {"\"version\":1", "\"version\":01"},
      {"\"version\":1", "\"version\":1.0"},
      {"\"version\":1", "\"version\":1e0"},
      {"\"version\":1", "\"version\":2"},
      {"\"version\":1", "\"version\":1,\"version\":1"},
      {"\"version\":1", "\"version\":1,\"later\":[]"},
      {"\"version\":1,\"type\":\"llm\"", "\"type\":\"llm\",\"version\":1"},
      {"\"model\":\"gpt-4o-mini\",", ""},
      {"\"ttl\":1800", "\"ttl\":-1"},
      {"\"ttl\":1800", "\"ttl\":-00"},
      {"\"ttl\":1800", "\"ttl\":99999999999999999999"},
      {"\"ttl\":1800", "\"ttl\":\"1800\""},
      {"\"purge_number\":0", "\"purge_number\":-0"},
      {"\"usage_asked\":false", "\"usage_asked\":null"},
      {"\"digest\":\"", "\"digest\":\"0"},
      {"2 + 2", "2 \\u002b 2"},
      {"2 + 2", "2 \x01 2"},
      {"2 + 2", "2 \xff 2"},
      {"2 + 2", "2 \\x 2"},
      {"[\"a\",\"b\"]", "[\"a\",\"b\",]"},
      {"[\"a\",\"b\"]", "[\"a\" \"b\"]"},
      {"[\"a\",\"b\"]", "[\"a\",1]"},
      {"[\"x-one\",\"5\"]", "[\"x-one\"]"},
      {"[\"x-one\",\"5\"]", "[\"x-one\",\"5\",\"6\"]"},
      {"\"offset\":10", "\"offset\":90"},
      {"\"input\":12", "\"input\":-12"},
      {"\"cost_micro_usd\":1234}", "\"cost_micro_usd\":1234,\"charset\":\"latin-1\"}"},
      {"\"cost_micro_usd\":1234}", "\"cost_micro_usd\":1234} "},
      {"\"cost_micro_usd\":1234}", "\"cost_micro_usd\":1234"},
  };
  for (const auto& [piece, by] : cases) EXPECT_EQ(straight(with(piece, by)), std::nullopt) << by;
}

TEST(metas_that_are_not_straight, end_anywhere) {
  const auto json = encode(typical());
  for (std::size_t i = 0; i < json.size(); ++i) EXPECT_EQ(straight(json.substr(0, i)), std::nullopt) << i;
}

/// A space before it makes a meta crooked, and nothing else.
TEST(metas, are_the_same_read_straight_and_otherwise) {
  auto about = typical();
  about.query = "\"\\\n\x7f Zo\xc3\xab";
  const auto json = encode(about);
  const auto thorough = decode_meta(" " + json);
  ASSERT_TRUE(thorough.has_value());
  EXPECT_EQ(straight(json), *thorough);
}

}  // namespace
}  // namespace refrain::entry
