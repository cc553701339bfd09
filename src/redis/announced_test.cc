#include "redis/announced.h"

#include <gtest/gtest.h>

#include <string>

namespace refrain::redis {
namespace {

struct rule {
  std::string from;
  std::string to;
  bool may = false;
};

TEST(announced, no_reply_leads_out_of_the_configured_networks) {
  const rule all[]{
      {"10.1.2.3", "10.9.9.9", true},
      {"10.1.2.3", "192.168.0.7", true},
      {"10.1.2.3", "100.64.0.1", true},
      {"10.1.2.3", "8.8.8.8", false},
      {"10.1.2.3", "127.0.0.1", false},
      {"10.1.2.3", "169.254.169.254", false},
      {"10.1.2.3", "0.0.0.0", false},
      {"10.1.2.3", "224.0.0.1", false},
      {"10.1.2.3", "10.1.2.3", true},
      {"10.1.2.3", "evil.example", false},
      {"8.8.8.8", "8.8.4.4", true},
      {"8.8.8.8", "10.0.0.1", false},
      {"8.8.8.8", "127.0.0.1", false},
      {"127.0.0.1", "127.0.0.1", true},
      {"localhost", "127.0.0.1", true},
      {"127.0.0.1", "172.17.0.2", true},
      {"127.0.0.1", "8.8.8.8", false},
      {"fd00::1", "fd00::2", true},
      {"fd00::1", "2001:db8::1", false},
      {"fd00::1", "fe80::1", false},
      {"10.1.2.3", "::ffff:10.0.0.1", true},
      {"10.1.2.3", "::ffff:127.0.0.1", false},
      {"cfg.cache.example.com", "10.0.0.1", true},
      {"cfg.cache.example.com", "8.8.8.8", true},
      {"cfg.cache.example.com", "127.0.0.1", false},
      {"cfg.cache.example.com", "169.254.169.254", false},
      {"cfg.cache.example.com", "node-1.cache.example.com", true},
      {"cfg.cache.example.com", "example.org", false},
      {"redis-1", "redis-2", true},
      {"redis-1", "evil.example", false},
  };
  for (const auto& [from, to, may] : all) {
    const announcement_rules rules{.configured = {{.host = from, .port = 6379}}};
    EXPECT_EQ(rules.way_to({.host = to, .port = 6379}).has_value(), may) << from << " to " << to;
  }
}

TEST(announced, one_of_several_hosts_is_enough) {
  const base::endpoint told{.host = "10.0.0.1", .port = 6379};
  EXPECT_EQ((announcement_rules{.configured = {{.host = "8.8.8.8"}, {.host = "10.0.0.9"}}}.way_to(told)), told);
  EXPECT_EQ(announcement_rules{}.way_to(told), std::nullopt);
}

TEST(announced, a_map_says_where_an_address_is_reached_from_here) {
  const base::endpoint outside{.host = "redis.example.com", .port = 7001};
  const announcement_rules rules{.configured = {{.host = "8.8.8.8", .port = 1}},
                                 .map = {{{.host = "172.17.0.2", .port = 6379}, outside}}};
  EXPECT_EQ(rules.way_to({.host = "172.17.0.2", .port = 6379}), outside);
  EXPECT_EQ(rules.way_to({.host = "172.17.0.2", .port = 6380}), std::nullopt) << "another port is another node";
}

}  // namespace
}  // namespace refrain::redis
