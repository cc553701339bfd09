#include "base/query.h"

#include <gtest/gtest.h>

namespace refrain::base {
namespace {

std::vector<query_parameter> parameters_of(std::string_view query) {
  std::vector<query_parameter> parameters{{.name = "left over", .value = {}}};
  sort_parameters(query, parameters);
  return parameters;
}

TEST(queries, are_sorted_by_name_and_keep_the_order_within_one) {
  const std::vector<query_parameter> sorted{{"a", "2"}, {"a", "1"}, {"a", "3"}, {"b", "0"}};
  EXPECT_EQ(parameters_of("a=2&b=0&a=1&a=3"), sorted);
}

TEST(queries, tell_no_value_from_an_empty_one_and_skip_empty_pieces) {
  const std::vector<query_parameter> both{{"a", std::nullopt}, {"b", ""}, {"c", "x=y"}};
  EXPECT_EQ(parameters_of("&b=&&a&c=x=y&"), both);
  EXPECT_TRUE(parameters_of("").empty());
}

TEST(escapes, that_are_none_stay_as_they_are) {
  for (const auto* text : {"100%", "%", "%4", "%zz", "%4g", "a%%41"}) {
    EXPECT_EQ(normalise_escapes(text), std::string_view(text) == "a%%41" ? "a%A" : text);
  }
}

TEST(escapes, of_unreserved_characters_go_and_others_are_upper_case) {
  EXPECT_EQ(normalise_escapes("a=%78%2dy&b%5f=%2f+"), "a=x-y&b_=%2F+");
}

}  // namespace
}  // namespace refrain::base
