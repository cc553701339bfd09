#include "config/dot_env.h"

#include <gtest/gtest.h>

#include <tuple>

namespace refrain::config {
namespace {

struct rule {
  std::string_view name;
  std::string_view text;
  std::string_view value;
};

class dot_env_values : public testing::TestWithParam<rule> {};

TEST_P(dot_env_values, are_read_as_meant) {
  const auto& [name, text, value] = GetParam();
  const auto read = read_dot_env(text);
  ASSERT_EQ(read.variables.size(), 1u);
  EXPECT_TRUE(read.unreadable.empty());
  EXPECT_EQ(read.variables[0], (dot_env_variable{.name = "A", .value = std::string(value), .line = 1}));
}

INSTANTIATE_TEST_SUITE_P(
    each, dot_env_values,
    testing::Values(rule{"plain", "A=b", "b"},                                                            //
                    rule{"without_a_value", "A=", ""},                                                    //
                    rule{"exported", "export A=b\n", "b"},                                                //
                    rule{"blanks_around", "  A =  b c  \n", "b c"},                                       //
                    rule{"equals_sign_inside", "A=b=c", "b=c"},                                           //
                    rule{"comment_after_the_value", "A=b # c", "b"},                                      //
                    rule{"comment_where_the_value_is_empty", "A=  # Optional, if you have one", ""},      //
                    rule{"comment_after_a_tab", "A=b\t# c", "b"},                                         //
                    rule{"hash_without_a_blank_is_text", "A=b#c", "b#c"},                                 //
                    rule{"leading_hash_without_a_blank_is_text", "A=#bc", "#bc"},                         //
                    rule{"double_quotes_keep_blanks_and_hashes", "A=\" b # c \"", " b # c "},             //
                    rule{"double_quotes_take_escapes", R"(A="b\n\t\r\"\\\'$c\d")", "b\n\t\r\"\\'$c\\d"},  //
                    rule{"single_quotes_take_two_escapes", R"(A='b\n\'\\"')", "b\\n'\\\""},               //
                    rule{"quotes_run_over_lines", "A=\"b\nc\"", "b\nc"},                                  //
                    rule{"comment_after_quotes", "A='b' # c", "b"},                                       //
                    rule{"empty_quotes", "A=\"\"", ""},                                                   //
                    rule{"quote_inside_is_text", "A=it's", "it's"},                                       //
                    rule{"nothing_is_expanded", "A=$HOME/${B}", "$HOME/${B}"},                            //
                    rule{"windows_line_end", "A=b\r\n", "b"},                                             //
                    rule{"windows_line_end_after_quotes", "A=\"b\"\r\n", "b"},                            //
                    rule{"byte_order_mark",
                         "\xEF\xBB\xBF"
                         "A=b",
                         "b"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(dot_env, keeps_order_and_counts_lines) {
  const auto read = read_dot_env("# head\n\nA=1\nB=\"x\ny\"\r\nC=3\nA=4");
  EXPECT_EQ(read.variables,
            (std::vector<dot_env_variable>{{"A", "1", 3}, {"B", "x\ny", 4}, {"C", "3", 6}, {"A", "4", 7}}));
}

TEST(dot_env, leaves_out_what_it_cannot_read_and_goes_on) {
  const auto read = read_dot_env("just words\nA B=1\nC='open\nD=\"x\" tail\n=5\nE=1");
  EXPECT_EQ(read.unreadable, (std::vector<int>{1, 2, 3, 4, 5}));
  ASSERT_EQ(read.variables.size(), 1u);
  EXPECT_EQ(read.variables[0].name, "E");
}

}  // namespace
}  // namespace refrain::config
