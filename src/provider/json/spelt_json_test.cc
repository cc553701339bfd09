#include "provider/json/spelt_json.h"

#include <gtest/gtest.h>

namespace refrain::provider {
namespace {

TEST(spelt_json, keeps_what_is_below_one_level_to_the_letter) {
  const auto members = spelt_members(R"( { "a" : [1.50, 2] , "b\n":"x\u0041 " ,"c": -0E1 , "d":{ "e": null } } )");
  ASSERT_TRUE(members.has_value());
  std::string out = "{";
  for (const auto& one : *members) append_spelt(out, one.name, one.value);
  EXPECT_EQ(out, R"({"a":[1.50, 2],"b\n":"x\u0041 ","c":-0E1,"d":{ "e": null })");
  EXPECT_EQ(*find_spelt(*members, "a"), "[1.50, 2]");
  EXPECT_EQ(find_spelt(*members, "e"), nullptr);
  const auto elements = spelt_elements(R"([ [1, 2], "a", {} ,true ])");
  ASSERT_TRUE(elements.has_value());
  EXPECT_EQ(*elements, (std::vector<std::string>{"[1, 2]", "\"a\"", "{}", "true"}));
}

TEST(spelt_json, is_nothing_where_the_text_is_of_another_kind) {
  for (const auto* const text : {"", "1", "[1", "{\"a\":", "{\"a\" 1}", "\"{}\""}) {
    EXPECT_FALSE(spelt_members(text).has_value()) << text;
    EXPECT_FALSE(spelt_elements(text).has_value()) << text;
  }
  EXPECT_FALSE(spelt_members("[]").has_value());
  EXPECT_FALSE(spelt_elements("{}").has_value());
}

}  // namespace
}  // namespace refrain::provider
