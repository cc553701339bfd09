#include "gateway/shared/shared_bodies.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace refrain::gateway {
namespace {

std::string large(char filling) { return std::string(shared_bodies::least.value, filling); }

TEST(shared_bodies, of_the_same_bytes_are_held_once) {
  shared_bodies all;
  const auto one = all.share(large('a'));
  const auto other = all.share(large('a'));
  EXPECT_EQ(one, other);
  EXPECT_EQ(*one, large('a'));
  EXPECT_EQ(all.held(), 1U);
}

TEST(shared_bodies, of_other_bytes_stay_apart) {
  shared_bodies all;
  const auto one = all.share(large('a'));
  const auto other = all.share(large('a') + 'a');
  const auto third = all.share(large('b'));
  EXPECT_EQ(*other, large('a') + 'a');
  EXPECT_EQ(*third, large('b'));
  EXPECT_EQ(all.held(), 3U);
}

TEST(shared_bodies, are_freed_with_the_last_who_holds_them) {
  shared_bodies all;
  auto one = all.share(large('a'));
  auto other = all.share(large('a'));
  const std::weak_ptr<const std::string> watched = one;
  one.reset();
  EXPECT_FALSE(watched.expired());
  other.reset();
  EXPECT_TRUE(watched.expired());
  EXPECT_EQ(all.held(), 0U);
  EXPECT_EQ(*all.share(large('a')), large('a'));
}

TEST(shared_bodies, that_are_small_are_left_alone) {
  shared_bodies all;
  const auto one = all.share("small");
  const auto other = all.share("small");
  EXPECT_NE(one, other);
  EXPECT_EQ(*one, *other);
  EXPECT_EQ(all.held(), 0U);
}

TEST(shared_bodies, are_shared_between_threads) {
  shared_bodies all;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&all, i] {
      for (int round = 0; round < 50; ++round) {
        const char filling = static_cast<char>('a' + (i + round) % 2);
        EXPECT_EQ(*all.share(large(filling)), large(filling));
      }
    });
  }
  for (auto& one : threads) one.join();
  EXPECT_EQ(all.held(), 0U);
}

}  // namespace
}  // namespace refrain::gateway
