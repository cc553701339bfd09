#include "mock/renderer.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace refrain::mock {
namespace {

namespace json = boost::json;

/// What a template, written as JSON, becomes with these values; null where nothing is left of it.
json::value filled(std::string_view form, const json::object& values) {
  static const json::object others{{"pair", json::array{"{left}", "{shared|null}"}}};
  return fill(json::parse(form), values, {{"shared", 9}}, others).value_or(nullptr);
}

TEST(templates, take_values_of_any_kind) {
  EXPECT_EQ(filled(R"({"a":"{x}","b":["{y}"]})", {{"x", 1}, {"y", {{"z", nullptr}}}}),
            json::parse(R"({"a":1,"b":[{"z":null}]})"));
}

TEST(templates, leave_out_what_has_no_value) {
  EXPECT_EQ(filled(R"({"a":"{x}","b":["{x}",2],"c":"is {x}."})", {}), json::parse(R"({"b":[2],"c":"is ."})"));
}

TEST(templates, write_values_into_longer_texts) {
  EXPECT_EQ(filled(R"("{a}-{b}!")", {{"a", "one"}, {"b", 2}}), "one-2!");
}

TEST(templates, take_the_first_alternative_that_there_is) {
  EXPECT_EQ(filled(R"(["{a|b}","{a|c|=text}","{a|null}","{a|=}"])", {{"b", 1}}), json::parse(R"([1,"text",null,""])"));
}

TEST(templates, have_members_on_a_condition) {
  EXPECT_EQ(filled(R"({"a?yes":1,"a?no":2,"b?none":3,"c?null":4})", {{"yes", true}, {"no", false}, {"null", nullptr}}),
            json::parse(R"({"a":1,"c":4})"));
}

TEST(templates, have_members_on_the_lack_of_a_value) {
  EXPECT_EQ(filled(R"({"a?!x":1,"b?!list":2,"c?!y":3})", {{"list", json::array{}}, {"y", 1}}),
            json::parse(R"({"a":1,"b":2})"));
}

TEST(templates, name_members_by_values) { EXPECT_EQ(filled(R"({"{a}":1})", {{"a", "b"}}), json::parse(R"({"b":1})")); }

TEST(templates, have_elements_for_each_object_of_a_list) {
  const json::object values{{"list", {{{"a", 1}}, {{"a", 2}}}}, {"b", 3}};
  EXPECT_EQ(filled(R"([0,{"for":"list","do":["{a}","{b}"]},{"for":"none","do":1}])", values),
            json::parse("[0,1,3,2,3]"));
  EXPECT_EQ(filled(R"([{"interleave":"list","do":["{a}","{b}"]}])", values), json::parse("[1,2,3,3]"));
}

TEST(templates, have_elements_on_a_condition) {
  EXPECT_EQ(filled(R"([{"if":"x","do":1},{"if":"!x","do":[2,3]}])", {}), json::parse("[2,3]"));
}

TEST(templates, use_others_that_see_only_what_they_are_given) {
  EXPECT_EQ(filled(R"({"use":"pair","left":"{a}"})", {{"a", 1}, {"left", 2}}), json::parse("[1,9]"));
  EXPECT_EQ(filled(R"({"use":"{which}"})", {{"which", "pair"}, {"left", 2}}), json::parse("[9]"));
}

TEST(templates, do_not_look_for_placeholders_in_values) {
  EXPECT_EQ(filled(R"("{a}")", {{"a", "{b}"}, {"b", 1}}), "{b}");
}

}  // namespace
}  // namespace refrain::mock
