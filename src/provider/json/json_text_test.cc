#include "provider/json/json_text.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace refrain::provider
