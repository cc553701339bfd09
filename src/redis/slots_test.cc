#include "redis/slots.h"

#include <gtest/gtest.h>

namespace refrain::redis {
namespace {

TEST(slots, are_those_that_a_cluster_computes) {
  // The specification's own check value, and what CLUSTER KEYSLOT of Redis 7.0 answers.
  EXPECT_EQ(slot_of("123456789"), 0x31c3);
  EXPECT_EQ(slot_of(""), 0);
  EXPECT_EQ(slot_of("foo"), 12182);
  EXPECT_EQ(slot_of("refrain:purges"), slot_of("{refrain:purges}"));
}

TEST(slots, come_from_what_stands_in_braces) {
  EXPECT_EQ(slot_of("{user1000}.following"), slot_of("user1000"));
  EXPECT_EQ(slot_of("foo{bar}{zap}"), slot_of("bar"));
  EXPECT_EQ(slot_of("foo{{bar}}zap"), slot_of("{bar"));
  EXPECT_NE(slot_of("foo{}{bar}"), slot_of("bar"));
  EXPECT_NE(slot_of("foo{bar"), slot_of("bar"));
}

}  // namespace
}  // namespace refrain::redis
