#include "redis/layout.h"

#include <gtest/gtest.h>

#include "redis/faults.h"
#include "redis/redirect.h"
#include "redis/resp.h"
#include "redis/slots.h"

namespace refrain::redis {
namespace {

const base::endpoint asked{.host = "10.0.0.1", .port = 7001};

/// What a server said, from its bytes.
reply said(std::string_view wire) {
  resp_reader reader;
  reader.feed(wire);
  return reader.next().value().value();
}
base::result<layout> read(std::string_view wire) {
  return read_cluster_slots(said(wire), asked, {.configured = {asked}});
}

TEST(layouts, say_who_has_a_key) {
  const auto found = read(
      "*2\r\n*4\r\n:0\r\n:8191\r\n*3\r\n$8\r\n10.0.0.1\r\n:7001\r\n$2\r\nid\r\n*3\r\n$8\r\n10.0.0.3\r\n:7003\r\n$"
      "2\r\nid\r\n"
      "*3\r\n:8192\r\n:16383\r\n*3\r\n$8\r\n10.0.0.2\r\n:7002\r\n$2\r\nid\r\n");
  ASSERT_TRUE(found.has_value()) << found.error().context;
  ASSERT_EQ(found->primaries.size(), 2u);
  EXPECT_EQ(found->replicas, (std::vector<base::endpoint>{{.host = "10.0.0.3", .port = 7003}}));
  EXPECT_EQ(found->owner_of("123456789"), 1u);  // slot 12739
  EXPECT_EQ(found->owner_of(""), 0u);
}

TEST(layouts, know_slots_that_nobody_has) {
  const auto found = read("*1\r\n*3\r\n:0\r\n:100\r\n*2\r\n$0\r\n\r\n:7001\r\n");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->primaries.front(), asked) << "a node that does not know its address is where it was asked";
  EXPECT_EQ(found->owner_of("123456789"), std::nullopt);
}

TEST(layouts, of_one_server_have_all_keys_there) {
  EXPECT_EQ(layout::of_one(asked).owner_of("any"), 0u);
  EXPECT_EQ(layout{}.owner_of("any"), std::nullopt);
}

TEST(layouts, leave_out_nodes_in_strange_networks) {
  const auto found = read("*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$7\r\n8.8.8.8\r\n:7001\r\n");
  ASSERT_FALSE(found.has_value());
  EXPECT_TRUE(found.error().context.contains("8.8.8.8:7001"));
  EXPECT_TRUE(found.error().context.contains("redis.node_map"));
}

/// Redis 7 tells, after a node's id, what else the node announces.
TEST(layouts, know_the_hostname_that_a_node_announces_beside_its_address) {
  const auto found = read(
      "*1\r\n*3\r\n:0\r\n:16383\r\n*4\r\n$8\r\n10.0.0.2\r\n:7002\r\n$2\r\nid\r\n*2\r\n+hostname\r\n+"
      "node.example\r\n");
  ASSERT_TRUE(found.has_value()) << found.error().context;
  EXPECT_EQ(found->name_of(found->primaries.front()), "node.example");
  EXPECT_EQ(found->name_of(asked), "");
}

TEST(layouts, refuse_what_is_none) {
  for (const auto* wire : {"+OK\r\n", "*1\r\n+x\r\n", "*1\r\n*3\r\n:0\r\n:16384\r\n*2\r\n$1\r\nh\r\n:1\r\n",
                           "*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n$1\r\nh\r\n:99999\r\n", "*1\r\n*2\r\n:0\r\n:1\r\n"}) {
    EXPECT_EQ(read(wire).error().code, base::errc::upstream_protocol) << wire;
  }
  EXPECT_EQ(read("*0\r\n").error().context, judge_error("CLUSTERDOWN").sentence);
  EXPECT_EQ(read("-ERR This instance has cluster support disabled\r\n").error().context,
            judge_error("ERR cluster support disabled").sentence);
}

TEST(redirects, name_the_node_to_ask) {
  const auto of = [](std::string_view wire) { return find_redirect({said("+OK\r\n"), said(wire)}); };
  const auto moved = of("-MOVED 3999 127.0.0.1:6381\r\n");
  ASSERT_TRUE(moved.has_value());
  EXPECT_EQ(moved->kind, fault::moved);
  EXPECT_EQ(moved->to, (base::endpoint{.host = "127.0.0.1", .port = 6381}));
  EXPECT_EQ(of("-ASK 3999 fd00::1:6381\r\n")->to.host, "fd00::1");
  EXPECT_EQ(of("-ASK 3999 :6381\r\n")->to.host, "");
  EXPECT_EQ(of("-MOVED 3999 ?:6381\r\n")->to.host, "");
  EXPECT_EQ(of("-TRYAGAIN Multiple keys request during rehashing of slot\r\n")->kind, fault::try_again);
  for (const auto* none : {"-MOVED\r\n", "-MOVED 1 host\r\n", "-MOVED 1 host:0\r\n", "-MOVED 1 host:99999\r\n",
                           "-ERR MOVED 1 host:1\r\n", "+MOVED 1 host:1\r\n"}) {
    EXPECT_FALSE(of(none).has_value()) << none;
  }
}

}  // namespace
}  // namespace refrain::redis
