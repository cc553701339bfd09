#include "config/redis_nodes.h"

#include <gtest/gtest.h>

#include <vector>

namespace refrain::config {
namespace {

struct listing {
  std::string_view text;
  std::string_view hosts;
};

TEST(redis_nodes, are_read_in_the_forms_that_people_have) {
  const std::vector<listing> cases{
      {R"([{"host": "127.0.0.1", "port": "7001"}])", "127.0.0.1:7001"},
      {R"([{"host": "a", "port": 7000}, {"port": 7001, "host": "b", "server_type": "primary"}])", "a:7000,b:7001"},
      {R"( [{"host": "::1"}] )", "[::1]:99"},
      {R"([["localhost", 26379], ["b", "1"], ["c"]])", "localhost:26379,b:1,c:99"},
      {R"(["a:1", "b", "[::1]:2", "::2"])", "a:1,b:99,[::1]:2,[::2]:99"},
      {"a:1", "a:1"},
      {"a:1, b ,c:3", "a:1,b:99,c:3"},
      {"[::1]:2,::3", "[::1]:2,[::3]:99"},
  };
  for (const auto& [text, hosts] : cases) EXPECT_EQ(read_redis_nodes(text, 99), hosts) << text;
}

TEST(redis_nodes, that_are_none_are_refused) {
  for (const auto* const text : {"",
                                 " ",
                                 "[]",
                                 "{}",
                                 "3",
                                 "[3]",
                                 "[[]]",
                                 "[{}]",
                                 R"([{"host": 3}])",
                                 R"([{"host": "a", "port": "many"}])",
                                 R"([{"host": "a", "port": 70000}])",
                                 R"([{"host": "a", "port": -1}])",
                                 R"([{"host": "a", "port": 0}])",
                                 R"([{"host": "a", "port": null}])",
                                 R"([{"host": ""}])",
                                 R"([{"host": "a/b"}])",
                                 R"([["u:p@a", 1]])",
                                 R"([{"host": "a"}, 1])",
                                 R"([{"host": "a")",
                                 "a:1,b:many",
                                 "redis://a:1",
                                 "u:p@a:1",
                                 "a b"}) {
    EXPECT_EQ(read_redis_nodes(text, 99), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace refrain::config
