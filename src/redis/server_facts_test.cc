#include "redis/server_facts.h"

#include <gtest/gtest.h>

#include "redis/diagnosis_parts.h"

namespace refrain::redis {
namespace {

using namespace std::chrono_literals;

TEST(server_facts, are_read_from_what_redis_and_valkey_say) {
  const auto redis = read_facts(
      "# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\n\r\n# Clients\r\nconnected_clients:3\r\n"
      "maxclients:100\r\n# Memory\r\nused_memory:1024\r\nmaxmemory:2048\r\nmaxmemory_policy:allkeys-lru\r\n"
      "# Replication\r\nrole:slave\r\n");
  EXPECT_EQ(redis.product, "Redis");
  EXPECT_EQ(redis.version, "7.0.15");
  EXPECT_EQ(redis.mode, "standalone");
  EXPECT_EQ(redis.role, "slave");
  EXPECT_EQ(redis.memory_used, 1024u);
  EXPECT_EQ(redis.memory_bound, 2048u);
  EXPECT_EQ(redis.policy, "allkeys-lru");
  EXPECT_EQ(redis.clients, 3u);
  EXPECT_EQ(redis.clients_bound, 100u);

  const auto valkey =
      read_facts("redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.0.1\r\nserver_mode:cluster\r\n");
  EXPECT_EQ(valkey.product, "Valkey");
  EXPECT_EQ(valkey.version, "8.0.1");
  EXPECT_EQ(valkey.mode, "cluster");
  EXPECT_FALSE(valkey.knows_memory);
  EXPECT_EQ(read_facts("").version, "");
}

struct distance {
  std::chrono::milliseconds round_trip;
  std::optional<std::chrono::milliseconds> deadline;
  condition how;
};

TEST(distance, is_held_against_how_long_a_lookup_waits) {
  for (const auto& [round_trip, deadline, how] : std::initializer_list<distance>{
           {1ms, {}, condition::ok},
           {100ms, {}, condition::ok},
           {130ms, {}, condition::warning},
           {600ms, {}, condition::fault},
           {1ms, 10ms, condition::ok},
           {5ms, 10ms, condition::warning},
           {10ms, 10ms, condition::fault},
       }) {
    const auto seen = judge_distance(round_trip, deadline, "far:6379");
    EXPECT_EQ(seen.what, how) << seen.text;
    EXPECT_EQ(seen.remedy.empty(), how == condition::ok);
  }
}

}  // namespace
}  // namespace refrain::redis
