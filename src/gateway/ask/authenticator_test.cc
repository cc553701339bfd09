#include "gateway/ask/authenticator.h"

#include <gtest/gtest.h>

#include <vector>

namespace refrain::gateway {
namespace {

TEST(loops, are_seen_by_this_gateways_name) {
  const std::vector<http::field> fields{{"Via", "1.0 other"}, {"via", "1.1 x, 1.1 refrain-1 (comment)"}};
  EXPECT_TRUE(came_from(fields, "refrain-1"));
  EXPECT_FALSE(came_from(fields, "refrain-2"));
  EXPECT_FALSE(came_from({}, "refrain-1"));
}

}  // namespace
}  // namespace refrain::gateway
