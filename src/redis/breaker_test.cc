#include "redis/breaker.h"

#include <gtest/gtest.h>

#include "redis/reply_timeout.h"

namespace refrain::redis {
namespace {

using namespace std::chrono_literals;

constexpr base::steady_time start{1000s};

TEST(breaker, opens_after_five_failures_in_a_row) {
  breaker one;
  for (int i = 0; i < 4; ++i) one.failed(start + i * 10s);
  EXPECT_FALSE(one.is_open());
  one.succeeded(start + 41s);
  for (int i = 0; i < 4; ++i) one.failed(start + 50s + i * 10s);
  EXPECT_FALSE(one.is_open());
  one.failed(start + 100s);
  EXPECT_TRUE(one.is_open());
}

TEST(breaker, opens_when_half_of_twenty_fail_within_a_second) {
  breaker one;
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(one.is_open()) << i;
    one.succeeded(start + i * 20ms);
    one.failed(start + i * 20ms);
  }
  EXPECT_TRUE(one.is_open());
}

TEST(breaker, forgives_failures_that_are_long_ago) {
  breaker one;
  for (int i = 0; i < 40; ++i) {
    one.succeeded(start + i * 200ms);
    one.failed(start + i * 200ms);
  }
  EXPECT_FALSE(one.is_open());
}

TEST(breaker, starts_afresh_once_closed) {
  breaker one;
  for (int i = 0; i < 5; ++i) one.failed(start);
  ASSERT_TRUE(one.is_open());
  one.succeeded(start);
  EXPECT_TRUE(one.is_open());
  one.close();
  EXPECT_FALSE(one.is_open());
  for (int i = 0; i < 4; ++i) one.failed(start);
  EXPECT_FALSE(one.is_open());
}

TEST(reply_timeout, allows_four_round_trips_within_its_bounds) {
  reply_timeout near;
  EXPECT_EQ(near.first_byte(), 50ms);
  near.saw(200us);
  EXPECT_EQ(near.first_byte(), 50ms);
  reply_timeout far;
  far.saw(40ms);
  EXPECT_EQ(far.first_byte(), 160ms);
  for (int i = 0; i < 100; ++i) far.saw(80ms);
  EXPECT_GT(far.first_byte(), 310ms);
  for (int i = 0; i < 100; ++i) far.saw(900ms);
  EXPECT_EQ(far.first_byte(), 500ms);
  EXPECT_EQ(reply_timeout{20ms}.first_byte(), 20ms);
}

}  // namespace
}  // namespace refrain::redis
