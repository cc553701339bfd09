#include "provider/json_text.h"

#include <gtest/gtest.h>

#include "provider/utf8.h"

namespace refrain::provider {
namespace {

TEST(json_text, escapes_are_undone) {
  EXPECT_EQ(text_of_json(R"(a\"\\\/\b\f\n\r\tz)"), "a\"\\/\b\f\n\r\tz");
  EXPECT_EQ(text_of_json(R"(\u0041\u00e9\ud83d\ude00)"), "A\xc3\xa9\xf0\x9f\x98\x80");
}

TEST(json_text, what_is_no_escape_is_no_text) {
  for (const auto* const spelling :
       {R"(\)", R"(\x)", R"(\u12)", R"(\u12g4)", R"(\ud83d)", R"(\ud83dx)", R"(\ud83d\u0041)", R"(\ude00)"}) {
    EXPECT_FALSE(text_of_json(spelling).has_value()) << spelling;
  }
}

TEST(json_text, a_text_is_spelt_with_the_escapes_it_needs) {
  EXPECT_EQ(json_of_text("/\"\\\n\x01\x1f\x7f\xc3\xa9"), "/\\\"\\\\\\n\\u0001\\u001f\x7f\xc3\xa9");
}

TEST(utf8, what_is_not_well_formed_is_not_taken) {
  for (const std::string_view bytes : {"\x80", "\xc0\x80", "\xc3", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
                                       "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", ""}) {
    auto rest = bytes;
    EXPECT_FALSE(take_code_point(rest).has_value());
    EXPECT_EQ(rest, bytes);
  }
}

TEST(utf8, every_code_point_comes_back) {
  for (char32_t code_point = 0; code_point <= 0x110000; ++code_point) {
    std::string bytes;
    const bool is_one = (code_point < 0xd800 || code_point > 0xdfff) && code_point <= 0x10ffff;
    ASSERT_EQ(append_utf8(bytes, code_point), is_one);
    std::string_view rest = bytes;
    if (is_one) ASSERT_EQ(take_code_point(rest), code_point);
  }
}

}  // namespace
}  // namespace refrain::provider
