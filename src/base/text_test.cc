#include "base/text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace refrain::base {
namespace {

using namespace std::string_literals;
using pieces = std::vector<std::string_view>;

TEST(text, compares_ascii_in_any_case) {
  EXPECT_TRUE(equal_ignoring_case("Content-TYPE", "content-type"));
  EXPECT_FALSE(equal_ignoring_case("content-type", "content-typ"));
  EXPECT_FALSE(equal_ignoring_case("k", "\xE2\x84\xAA")) << "the Kelvin sign is no k";
  EXPECT_FALSE(equal_ignoring_case("[", "{")) << "they differ in the bit that case differs in";
  EXPECT_TRUE(starts_with_ignoring_case("Bearer x", "bearer "));
  EXPECT_FALSE(starts_with_ignoring_case("Bea", "bearer"));
  EXPECT_EQ(to_lower("ABC-Ä"), "abc-Ä");
  EXPECT_EQ(to_upper("abc_z9"), "ABC_Z9");
}

TEST(text, trims_blanks_and_tabs_alone) {
  EXPECT_EQ(trim(" \t a b\t "), "a b");
  EXPECT_EQ(trim(" \t "), "");
  EXPECT_EQ(trim("\na\r"), "\na\r");
}

TEST(text, splits_and_leaves_the_empty_out) {
  EXPECT_EQ(split("a, b,, ,c ", ','), (pieces{"a", "b", "c"}));
  EXPECT_EQ(split("", ','), pieces{});
  EXPECT_EQ(split(",", ','), pieces{});
}

TEST(integers, are_read_whole_or_not_at_all) {
  EXPECT_EQ(to_integer<int>("-7"), -7);
  EXPECT_EQ(to_integer<std::uint16_t>("65535"), 65535);
  for (const auto* const text : {"", " 1", "1 ", "+1", "1.0", "0x1", "65536", "-1", "1e3", "one"}) {
    EXPECT_EQ(to_integer<std::uint16_t>(text), std::nullopt) << text;
  }
}

TEST(shortening, keeps_what_is_short) { EXPECT_EQ(shorten("12345", 5), "12345"); }

TEST(shortening, cuts_between_characters) {
  EXPECT_EQ(shorten("123456", 5), "12345…");
  EXPECT_EQ(shorten("aäöü", 4), "aä…") << "the next character would be cut";
  EXPECT_EQ(shorten("aäöü", 5), "aäö…");
  EXPECT_EQ(shorten("äö", 1), "…");
  EXPECT_EQ(shorten("\x80\x80\x80", 2), "…") << "no character begins";
}

TEST(shortening, makes_one_line) { EXPECT_EQ(shorten("a\r\nb\tc\x1b[31m\x7f"s + '\0', 99), "a  b c [31m  "); }

TEST(shortening, leaves_no_control_character_of_two_bytes) {
  EXPECT_EQ(shorten("a\xC2\x9B[31m\xC2\x80\xC2\xA0", 99), "a [31m \xC2\xA0");
}

TEST(the_nearest, is_found_if_near_enough) {
  const std::string_view names[]{"server.listen", "server.hosts", "log.level"};
  EXPECT_EQ(nearest("server.lissen", names), "server.listen");
  EXPECT_EQ(nearest("log.levle", names), "log.level");
  EXPECT_EQ(nearest("server.host", names), "server.hosts");
  EXPECT_EQ(nearest("redis", names), std::nullopt);
  EXPECT_EQ(nearest("", names), std::nullopt);
  EXPECT_EQ(nearest("x", {}), std::nullopt);
}

TEST(percent_encoding, leaves_only_what_names_are_made_of) {
  EXPECT_EQ(percent_encode("aZ09_.-"), "aZ09_.-");
  EXPECT_EQ(percent_encode("a b/c~%\xC3\xA4"), "a%20b%2Fc%7E%25%C3%A4");
}

TEST(percent_encoding, is_undone) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
  EXPECT_EQ(percent_decode("a%2fb+c"), "a/b+c");
}

TEST(percent_encoding, that_is_broken_is_refused) {
  for (const auto* const text : {"%", "a%4", "%4", "%zz", "%4z", "%+1", "%-1", "% 1", "%%41", "100%"}) {
    EXPECT_EQ(percent_decode(text), std::nullopt) << text;
  }
}

TEST(characters, are_counted_as_code_points) {
  EXPECT_EQ(count_code_points(""), 0u);
  EXPECT_EQ(count_code_points("abc"), 3u);
  EXPECT_EQ(count_code_points("na\u00efve \u0928\u092e\u0938\u094d\u0924\u0947"), 12u);
}

TEST(head_of, cuts_no_code_point) {
  EXPECT_EQ(head_of("aé", 3), "aé");
  EXPECT_EQ(head_of("aé", 2), "a");
  EXPECT_EQ(head_of("😀", 3), "");
}

}  // namespace
}  // namespace refrain::base
