#include "cache/tenant.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace refrain::cache {
namespace {

TEST(scheme_words, are_no_part_of_a_credential) {
  EXPECT_EQ(strip_scheme("Bearer sk-1"), "sk-1");
  EXPECT_EQ(strip_scheme("bearer   sk-1 "), "sk-1");
  EXPECT_EQ(strip_scheme("Token dg-1"), "dg-1");
  EXPECT_EQ(strip_scheme("Basic dTpw"), "dTpw");
  EXPECT_EQ(strip_scheme("sk-1"), "sk-1");
  EXPECT_EQ(strip_scheme("Digest a b"), "Digest a b");
}

TEST(scheme_words, alone_hold_no_credential) {
  EXPECT_EQ(strip_scheme("Bearer "), "");
  EXPECT_EQ(strip_scheme("Bearer"), "");
  EXPECT_EQ(strip_scheme(""), "");
}

TEST(placeholders, are_found_in_any_case) {
  const std::vector<std::string> placeholders{"DUMMY_KEY", "none", "-"};
  EXPECT_TRUE(is_placeholder("DUMMY_KEY", placeholders));
  EXPECT_TRUE(is_placeholder("None", placeholders));
  EXPECT_TRUE(is_placeholder("-", placeholders));
  EXPECT_TRUE(is_placeholder("", placeholders));
  EXPECT_FALSE(is_placeholder("DUMMY_KEY2", placeholders));
}

}  // namespace
}  // namespace refrain::cache
