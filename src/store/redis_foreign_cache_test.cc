#include "store/redis_foreign_cache.h"

#include <gtest/gtest.h>

#include "support/net/run_to_end.h"
#include "support/redis/client.h"

namespace refrain::store {
namespace {

using namespace std::chrono_literals;

class redis_shelves : public ::testing::Test {
 protected:
  redis::reply ask(const redis::commands& what) {
    while (true) {
      if (auto all = net::run_to_end(client_.call(redis::use::write, what))) return all->front();
    }
  }
  std::vector<entry::foreign_value> look(std::vector<std::string> keys) {
    return net::run_to_end(foreign_.look(std::move(keys)));
  }

  redis::testing::server server_;
  redis::client client_{redis::testing::to(server_)};
  redis_foreign_cache foreign_{client_};
};

TEST_F(redis_shelves, give_what_is_there_in_the_order_of_the_keys) {
  ask({"SET", "one", "1"});
  ask({"SET", "two", "2", "PX", "60000"});
  const auto found = look({"two", "none", "one"});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].bytes, "2");
  ASSERT_TRUE(found[0].left.has_value());
  EXPECT_LE(*found[0].left, 60s);
  EXPECT_GT(*found[0].left, 0s);
  EXPECT_EQ(found[1].bytes, "1");
  EXPECT_FALSE(found[1].left.has_value());
}

TEST_F(redis_shelves, find_nothing_in_values_of_another_type) {
  ask({"HSET", "hash", "a", "1"});
  ask({"RPUSH", "list", "a"});
  EXPECT_TRUE(look({"hash", "list"}).empty());
  EXPECT_TRUE(look({}).empty());
}

TEST_F(redis_shelves, change_nothing) {
  ask({"SET", "one", "1", "PXAT", "4000000000000"});
  ASSERT_EQ(look({"one"}).size(), 1U);
  EXPECT_EQ(ask({"GET", "one"}).text, "1");
  EXPECT_EQ(ask({"PEXPIRETIME", "one"}).integer, 4'000'000'000'000);
}

TEST_F(redis_shelves, find_nothing_while_the_server_is_away) {
  ask({"SET", "one", "1"});
  server_.stop();
  EXPECT_TRUE(look({"one"}).empty());
}

}  // namespace
}  // namespace refrain::store
