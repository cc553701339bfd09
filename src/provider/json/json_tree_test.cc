#include "provider/json/json_tree.h"

#include <gtest/gtest.h>

namespace refrain::provider {
namespace {

constexpr std::string_view text = R"( { "a" : [1.50, [ 2 ]] , "b\n":"x\u0041 " ,"c": -0E1 , "d":{ "e": null } } )";

TEST(json_tree, is_written_with_every_scalar_to_the_letter) {
  EXPECT_EQ(json_tree::parse(text).value().to_json(), R"({"a":[1.50,[2]],"b\n":"x\u0041 ","c":-0E1,"d":{"e":null}})");
}

TEST(json_tree, keeps_what_is_below_the_outer_levels_to_the_letter) {
  const auto tree = json_tree::parse_outer(text, 1);
  ASSERT_TRUE(tree.has_value());
  EXPECT_EQ(tree->to_json(), R"({"a":[1.50, [ 2 ]],"b\n":"x\u0041 ","c":-0E1,"d":{ "e": null }})");
  EXPECT_EQ(tree->find("a")->text, "[1.50, [ 2 ]]");
  EXPECT_EQ(tree->find("e"), nullptr);
  EXPECT_EQ(json_tree::parse_outer(text, 2)->find("a", json_tree::kind::array)->elements[1].text, "[ 2 ]");
  EXPECT_EQ(json_tree::parse_outer(R"([ [1, 2], "a", {} ,true ])", 1)->to_json(), R"([[1, 2],"a",{},true])");
}

TEST(json_tree, is_nothing_where_the_text_is_no_object_or_array) {
  for (const auto* const other : {"", "1", "[1", "{\"a\":", "{\"a\" 1}", "\"{}\""}) {
    EXPECT_FALSE(json_tree::parse(other).has_value()) << other;
    EXPECT_FALSE(json_tree::parse_outer(other, 1).has_value()) << other;
  }
}

TEST(json_tree, knows_an_integer_however_it_is_spelt) {
  for (const auto* const one : {"10", "1e1", "10.0", "100E-1"}) EXPECT_EQ(json_tree::scalar(one).integer(), 10) << one;
  for (const auto* const other : {"1.5", "null", "1e30"}) EXPECT_FALSE(json_tree::scalar(other).integer()) << other;
  EXPECT_FALSE(json_tree::string("1").integer());
}

}  // namespace
}  // namespace refrain::provider
