#include "base/random.h"

#include <gtest/gtest.h>

#include <set>

namespace refrain::base {
namespace {

TEST(random_names, have_their_length_and_are_unlike) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random_hex(8));
  EXPECT_EQ(seen.size(), 1000U);
  EXPECT_EQ(random_hex(0), "");
  EXPECT_EQ(random_hex(300).size(), 600U) << "more than is drawn at once";
  EXPECT_EQ(random_hex(3).find_first_not_of("0123456789abcdef"), std::string::npos);
}

}  // namespace
}  // namespace refrain::base
