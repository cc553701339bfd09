#include "cache/key.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace refrain::cache {
namespace {

std::string key_of(std::string_view query) {
  static constexpr std::array<std::string_view, 1> left_out{"api_key"};
  base::digest_input input;
  add_query(input, query, left_out);
  return std::string(input.view());
}

struct pair_of_queries {
  std::string_view name;
  std::string_view one;
  std::string_view other;
  bool same;
};

class query_rules : public testing::TestWithParam<pair_of_queries> {};

TEST_P(query_rules, hold) {
  const auto& [name, one, other, same] = GetParam();
  EXPECT_EQ(key_of(one) == key_of(other), same);
}

INSTANTIATE_TEST_SUITE_P(
    each, query_rules,
    testing::Values(pair_of_queries{"order_of_names_is_nothing", "a=1&b=2", "b=2&a=1", true},
                    pair_of_queries{"order_within_a_name_is_something", "a=1&a=2", "a=2&a=1", false},
                    pair_of_queries{"repeated_parameters_count", "a=1&a=1", "a=1", false},
                    pair_of_queries{"empty_pieces_are_nothing", "&a=1&&b=2&", "a=1&b=2", true},
                    pair_of_queries{"names_count", "a=1", "b=1", false},
                    pair_of_queries{"values_count", "a=1", "a=2", false},
                    pair_of_queries{"letter_case_counts", "a=x", "a=X", false},
                    pair_of_queries{"no_value_is_not_an_empty_value", "a", "a=", false},
                    pair_of_queries{"unreserved_escapes_are_alike", "a=%78%2Dy", "a=x-y", true},
                    pair_of_queries{"hex_digits_in_any_case_are_alike", "a=%2f", "a=%2F", true},
                    pair_of_queries{"an_escaped_separator_is_no_separator", "a=1%26b=2", "a=1&b=2", false},
                    pair_of_queries{"a_plus_is_not_an_escaped_plus", "a=x+y", "a=x%2By", false},
                    pair_of_queries{"a_plus_may_be_no_blank", "a=x+y", "a=x%20y", false},
                    pair_of_queries{"pieces_do_not_run_together", "a=1&b=2", "a=1b=2", false},
                    pair_of_queries{"what_is_left_out_is_nothing", "a=1&api_key=s", "a=1", true},
                    pair_of_queries{"what_is_left_out_is_known_when_escaped", "a=1&api%5Fkey=s", "a=1", true}),
    [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace refrain::cache
