#include "mock/json.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

namespace refrain::mock {
namespace {

struct rule {
  std::string_view name;
  std::string_view schema;
  std::string_view sample;
};

class samples : public testing::TestWithParam<rule> {};

TEST_P(samples, fit) {
  const auto& [name, schema, sample] = GetParam();
  EXPECT_EQ(boost::json::serialize(sample_of(boost::json::parse(schema), "word")), sample);
}

INSTANTIATE_TEST_SUITE_P(
    each, samples,
    testing::Values(
        rule{"string_holds_the_word", R"({"type":"string"})", R"("word")"},
        rule{"whole_number", R"({"type":"integer"})", "7"},
        rule{"minimum_is_kept", R"({"type":"integer","minimum":100})", "100"},
        rule{"types_in_capitals", R"({"type":"OBJECT","properties":{"a":{"type":"STRING"}}})", R"({"a":"word"})"},
        rule{"truth", R"({"type":"boolean"})", "true"},
        rule{"first_of_several_types", R"({"type":["string","null"]})", R"("word")"},
        rule{"enum_takes_the_first", R"({"type":"string","enum":["c","f"]})", R"("c")"},
        rule{"constant", R"({"const":3})", "3"},
        rule{"list_has_one_item", R"({"type":"array","items":{"type":"string"}})", R"(["word"])"},
        rule{"list_has_its_minimum", R"({"type":"array","items":{"const":1},"minItems":3})", "[1,1,1]"},
        rule{"every_property_is_given", R"({"type":"object","properties":{"b":{"type":"null"},"a":{"type":"string"}}})",
             R"({"b":null,"a":"word"})"},
        rule{"first_alternative", R"({"anyOf":[{"type":"string"},{"type":"null"}]})", R"("word")"},
        rule{"reference_into_the_document",
             R"({"properties":{"x":{"$ref":"#/$defs/y"}},"$defs":{"y":{"type":"boolean"}}})", R"({"x":true})"},
        rule{"empty_schema", "{}", "{}"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(sample, of_a_schema_that_holds_itself_ends) {
  const auto schema = boost::json::parse(R"({"properties":{"next":{"$ref":"#"}}})");
  EXPECT_FALSE(boost::json::serialize(sample_of(schema, "word")).empty());
}

}  // namespace
}  // namespace refrain::mock
