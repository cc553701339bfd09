#include "base/utf8.h"

#include <gtest/gtest.h>

namespace refrain::base {
namespace {

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

TEST(utf8, has_a_question_mark_for_each_byte_that_is_none) {
  EXPECT_EQ(to_utf8("Zo\xc3\xab"), "Zo\xc3\xab");
  EXPECT_EQ(to_utf8("Zo\xc3\xab \xff"), "Zo?? ?");
}

TEST(latin1, is_every_byte_and_back) {
  EXPECT_EQ(from_latin1("Zo\xeb \xff"), "Zo\xc3\xab \xc3\xbf");
  EXPECT_EQ(to_latin1(from_latin1("Zo\xeb \xff")), "Zo\xeb \xff");
}

}  // namespace
}  // namespace refrain::base
