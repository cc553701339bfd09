#include "entry/export_line.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace refrain::entry {
namespace {

using namespace std::chrono_literals;

entry make(std::string body) {
  entry made;
  made.about.id = {.type = cache_type::tts,
                   .digest = base::sha256("digest"),
                   .tenant = base::sha256("tenant"),
                   .group = "elevenlabs:Anna",
                   .suffix = "mp3"};
  made.about.stored_at = base::sys_seconds{1'800'000'000s};
  made.about.ttl = 1h;
  made.about.fill = "0123456789abcdef";
  made.about.upstream = "elevenlabs";
  made.about.tags = {"a", "b"};
  made.about.form = wire_form::stream;
  made.about.headers = {{"x-voice", "Anna"}};
  made.about.marks = {{.what = mark::kind::usage, .offset = 0, .length = 1}};
  made.about.cost = micro_usd{7};
  made.about.size = body.size();
  // In the pieces in which it came.
  made.body.emplace_back(body.substr(0, body.size() / 2));
  made.body.emplace_back(body.substr(body.size() / 2));
  return made;
}

std::string joined(const entry& one) {
  std::string all;
  for (const auto& piece : one.body) all.append(piece.view());
  return all;
}

TEST(export_line, brings_an_entry_back_byte_for_byte) {
  using namespace std::string_literals;
  for (const auto& body :
       {"{\"text\": \"a\\nb \xE2\x82\xAC\"}\n\n"s, "\xFF\xF3\x00\x01 audio"s, "data: {}\n\n"s, " \x7F\x1F"s}) {
    const auto before = make(body);
    const auto line = to_export_line(before, "0011223344556677");
    EXPECT_FALSE(line.contains('\n'));
    const auto after = read_export_line(line);
    ASSERT_TRUE(after.has_value()) << after.error().context << line;
    EXPECT_EQ(after->key_id, "0011223344556677");
    EXPECT_EQ(after->content.about, before.about);
    EXPECT_EQ(joined(after->content), body);
  }
}

TEST(export_line, holds_text_as_text_and_anything_else_in_base64) {
  const auto text = boost::json::parse(to_export_line(make("hello"), ""));
  EXPECT_EQ(text.at("body_encoding"), "utf-8");
  EXPECT_EQ(text.at("body"), "hello");
  EXPECT_EQ(text.at("meta").at("upstream"), "elevenlabs");
  EXPECT_EQ(boost::json::parse(to_export_line(make("\xFF\xFE"), "")).at("body"), "//4=");
}

TEST(export_line, is_utf8_whatever_a_header_held) {
  auto before = make("hello");
  before.about.headers.emplace_back("x-name", "caf\xE9");
  const auto line = to_export_line(before, "");
  EXPECT_TRUE(boost::json::parse(line).at("meta").is_object());
  const auto after = read_export_line(line);
  ASSERT_TRUE(after.has_value()) << after.error().context;
  EXPECT_EQ(after->content.about, before.about);
}

struct broken_line {
  std::string_view from;
  std::string_view to;
  std::string_view why;
};

TEST(export_line, says_what_is_wrong_with_it) {
  const auto good = to_export_line(make("hello"), "");
  for (const auto& [from, to, why] :
       std::initializer_list<broken_line>{{R"({"version":1,"key_id")", R"({"version":2,"key_id")", "version 2"},
                                          {R"({"version":1,"key_id")", R"({"key_id")", "no version"},
                                          {R"("key_id":"",)", "", "key_id"},
                                          {R"("body":"hello")", R"("body":"hell")", "4 bytes"},
                                          {R"("body":"hello")", R"("body":7)", "body"},
                                          {R"("body_encoding":"utf-8")", R"("body_encoding":"base64")", "no base64"},
                                          {R"("body_encoding":"utf-8")", R"("body_encoding":"rot13")", "body_encoding"},
                                          {R"("upstream":"elevenlabs")", R"("upstream":7)", "upstream"},
                                          {R"("meta":{)", R"("mate":{)", "meta"},
                                          {"{", "", "JSON"}}) {
    auto bad = good;
    ASSERT_TRUE(bad.contains(from)) << from;
    bad.replace(bad.find(from), from.size(), to);
    const auto read = read_export_line(bad);
    ASSERT_FALSE(read.has_value()) << to;
    EXPECT_EQ(read.error().code, base::errc::malformed_request);
    EXPECT_TRUE(read.error().context.contains(why)) << read.error().context;
  }
  EXPECT_FALSE(read_export_line("").has_value());
  EXPECT_FALSE(read_export_line("[]").has_value());
}

}  // namespace
}  // namespace refrain::entry
