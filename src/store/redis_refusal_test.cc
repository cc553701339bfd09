// What keeps entries out of a Redis is seen, said once with its mend, and over by itself; on real servers.

#include "store/redis_refusal.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sstream>

#include "base/log.h"
#include "store/redis_store.h"
#include "store/tiered_store.h"
#include "support/base/manual_clock.h"
#include "support/net/loop.h"
#include "support/net/run_to_end.h"
#include "support/redis/ask.h"
#include "support/redis/client.h"
#include "support/redis/cluster.h"
#include "support/redis/script.h"
#include "support/redis/server.h"
#include "support/store/fixtures.h"

namespace refrain::store {
namespace {

using namespace std::chrono_literals;
using entry::store_health;
using redis::commands;

class redis_refusal_rules : public testing::Test {
 protected:
  base::steady_time at(std::chrono::seconds after) const { return base::steady_time{} + 1h + after; }
  redis_refusal now_;
};

TEST_F(redis_refusal_rules, writes_wait_longer_and_longer_until_one_goes_well) {
  now_.refused("OOM", 10, true, at(0s));
  EXPECT_FALSE(now_.allows(10, at(0s)));
  EXPECT_TRUE(now_.allows(10, at(1s)));
  EXPECT_TRUE(now_.wants_trial(at(1s)));
  now_.refused("OOM", 10, true, at(1s));
  EXPECT_FALSE(now_.allows(10, at(2s)));
  EXPECT_TRUE(now_.text(at(500s)).contains("maxmemory")) << "it stands until it is seen to be over";
  now_.went_well(10, true);
  EXPECT_TRUE(now_.allows(10, at(2s)));
  EXPECT_EQ(now_.text(at(2s)), "");
}

TEST_F(redis_refusal_rules, rights_of_counters_are_not_those_of_entries) {
  now_.refused("NOPERM", 10, false, at(0s));
  EXPECT_EQ(now_.text(at(0s)), "");
  now_.refused("NOPERM", 10, true, at(0s));
  now_.went_well(10, false);
  EXPECT_NE(now_.text(at(0s)), "");
}

TEST_F(redis_refusal_rules, what_is_too_large_keeps_smaller_ones_going) {
  now_.refused("ERR max request size exceeded. Limit: 1048576 bytes", 2'000'000, true, at(0s));
  EXPECT_TRUE(now_.text(at(0s)).contains("cache.max_entry"));
  EXPECT_FALSE(now_.allows(3'000'000, at(1s)));
  EXPECT_TRUE(now_.allows(1'000'000, at(1s)));
  now_.went_well(1'000'000, true);
  EXPECT_FALSE(now_.allows(2'000'000, at(1s)));
  EXPECT_TRUE(now_.allows(2'000'000, at(60s)));
  EXPECT_EQ(now_.text(at(60s)), "");
  now_.refused("ERR Protocol error: invalid bulk length", 2'000'000, true, at(60s));
  EXPECT_FALSE(now_.allows(2'000'000, at(120s))) << "it is tried less and less";
}

TEST_F(redis_refusal_rules, connections_that_end_at_large_writes_are_no_chance) {
  now_.ended(5'000'000, 1, at(0s));
  now_.ended(5'000'000, 1, at(0s));
  EXPECT_EQ(now_.text(at(0s)), "") << "one end of a connection is one event";
  now_.ended(5'000'000, 2, at(1s));
  EXPECT_TRUE(now_.text(at(1s)).contains("client-query-buffer-limit"));
  redis_refusal small;
  small.ended(100, 1, at(0s));
  small.ended(100, 2, at(0s));
  EXPECT_EQ(small.text(at(0s)), "");
}

TEST_F(redis_refusal_rules, keys_of_other_nodes_and_foreign_keys_stop_nothing) {
  now_.refused("MOVED 1 10.0.0.1:6379", 10, true, at(0s));
  EXPECT_TRUE(now_.allows(10, at(0s)));
  EXPECT_TRUE(now_.text(at(0s)).contains("cluster-announce-ip"));
  now_.went_well(10, true);
  EXPECT_NE(now_.text(at(59s)), "") << "another key may belong to this node";
  EXPECT_EQ(now_.text(at(60s)), "");
  now_.refused("MOVED 1 10.0.0.1:6379", 10, true, at(60s));
  now_.servers_changed();
  EXPECT_EQ(now_.text(at(60s)), "");
  redis_refusal foreign;
  foreign.refused("WRONGTYPE", 10, true, at(0s));
  EXPECT_EQ(foreign.text(at(0s)), "");
}

TEST_F(redis_refusal_rules, words_that_nobody_knows_are_quoted) {
  now_.refused("ERR upstream is read only today", 10, true, at(0s));
  EXPECT_TRUE(now_.text(at(0s)).contains("upstream is read only today")) << now_.text(at(0s));
}

/// A store over a server that refuses.
class refusing_redis : public testing::Test {
 protected:
  refusing_redis() { testing::internal::CaptureStderr(); }
  ~refusing_redis() override { (void)log(); }

  redis_store& open(redis::client_options there) {
    store_options options{.clock = &clock_};
    base::set_log(base::severity::info, base::log_format::text);
    store_ = std::make_unique<redis_store>(std::move(there), "redis://there", std::move(options));
    (void)store_->await(5s);
    return *store_;
  }
  redis_store& open() {
    auto there = redis::testing::to(server_);
    there.node.lane.to.who = who_;
    return open(std::move(there));
  }
  redis::reply ask(const commands& what) { return redis::testing::ask(server_, what); }
  template <class F>
  [[nodiscard]] static bool eventually(F is_so) {
    for (int turn = 0; turn < 2000; ++turn) {
      if (is_so()) return true;
      std::this_thread::sleep_for(5ms);
    }
    return false;
  }
  [[nodiscard]] bool is_degraded(std::string_view mend) {
    return eventually([&] {
      const auto now = store_->status();
      return now.health == store_health::degraded && now.detail.contains(mend);
    });
  }
  /// The clock of pauses stands still but for this.
  [[nodiscard]] bool heals() {
    return eventually([&] {
      clock_.advance(1s);
      return store_->status().health == store_health::ready;
    });
  }
  [[nodiscard]] bool keeps(int n) {
    store_->put(sample{.n = n}.make());
    store_->flush();
    return body_of(net::run_to_end(store_->get(sample{.n = n}.id())).value_or(nullptr)) == sample{.n = n}.text();
  }
  /// Ends the store: how many of its lines hold this.
  int lines_with(std::string_view what) {
    std::istringstream lines{log()};
    int count = 0;
    for (std::string line; std::getline(lines, line);) count += line.contains(what) ? 1 : 0;
    return count;
  }
  std::string log() {
    store_ = nullptr;
    if (std::exchange(logged_, true)) return "";
    return testing::internal::GetCapturedStderr();
  }

  redis::login who_;
  base::manual_clock clock_;
  redis::testing::server server_;
  std::unique_ptr<redis_store> store_;
  bool logged_ = false;
};

TEST_F(refusing_redis, user_who_may_not_write_is_seen_at_once_and_heals) {
  (void)ask({"ACL", "SETUSER", "reader", "on", ">pw", "~*", "&*", "+@all", "-@write"});
  who_ = {.user = "reader", .password = base::secret{"pw"}};
  open();
  EXPECT_TRUE(is_degraded("ACL SETUSER"));
  EXPECT_FALSE(keeps(1));
  (void)ask({"ACL", "SETUSER", "reader", "+@write"});
  EXPECT_TRUE(heals());
  EXPECT_TRUE(keeps(2));
  EXPECT_EQ(ask({"DBSIZE"}).integer, 1) << "a trial leaves nothing behind";
  EXPECT_EQ(lines_with("does not take all writes"), 1);
}

TEST_F(refusing_redis, without_its_replicas_is_seen_and_heals) {
  (void)ask({"CONFIG", "SET", "min-replicas-to-write", "1"});
  open();
  EXPECT_TRUE(is_degraded("min-replicas-to-write"));
  (void)ask({"CONFIG", "SET", "min-replicas-to-write", "0"});
  EXPECT_TRUE(heals());
  EXPECT_TRUE(keeps(1));
  EXPECT_EQ(lines_with("takes writes again"), 1);
}

TEST_F(refusing_redis, full_is_seen_and_heals_without_any_request) {
  open();
  EXPECT_TRUE(keeps(1));
  (void)ask({"CONFIG", "SET", "maxmemory", "1"});
  EXPECT_FALSE(keeps(2));
  EXPECT_TRUE(is_degraded("maxmemory"));
  (void)ask({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_TRUE(heals());
}

TEST_F(refusing_redis, changes_places_behind_one_name_and_heals) {
  open();
  EXPECT_TRUE(keeps(1));
  // The name leads to a replica by now; a moment later to a primary.
  (void)ask({"REPLICAOF", "127.0.0.1", "1"});
  EXPECT_FALSE(keeps(2));
  EXPECT_TRUE(is_degraded("replica"));
  (void)ask({"REPLICAOF", "NO", "ONE"});
  EXPECT_TRUE(heals());
  EXPECT_TRUE(keeps(3));
}

/// A cluster's node under a plain address.
TEST_F(refusing_redis, node_of_a_cluster_is_used_as_one) {
  const redis::testing::cluster all{3, false};
  open(redis::testing::to(*all.nodes().front()));
  EXPECT_TRUE(eventually([&] {
    int kept = 0;
    for (int n = 0; n < 30; ++n) kept += keeps(n) ? 1 : 0;
    return kept == 30;
  }));
  EXPECT_EQ(store_->status().health, store_health::ready) << store_->status().detail;
  EXPECT_EQ(lines_with("is a node of a Cluster: its 3 primaries are used"), 1);
}

TEST_F(refusing_redis, node_of_a_cluster_whose_others_are_not_reached_is_seen) {
  redis::testing::cluster all{3, false};
  // The others announce what leads nowhere.
  for (const auto& node : all.nodes()) (void)redis::testing::cli(*node, "CONFIG SET cluster-announce-ip 127.0.0.99");
  EXPECT_TRUE(eventually([&] { return redis::testing::cli(*all.nodes()[0], "CLUSTER SLOTS").contains("127.0.0.99"); }));
  open(redis::testing::to(*all.nodes().front()));
  for (int n = 0; n < 30; ++n) (void)keeps(n);
  EXPECT_TRUE(is_degraded("cluster-announce-ip"));
}

/// As twemproxy and its like are: RESP2 without a word on HELLO, no transactions.
std::string proxied(const std::vector<std::string>& words, std::string_view refusal, redis::testing::server& behind) {
  const auto& name = words.front();
  if (name == "HELLO" || name == "MULTI" || name == "EXEC" || name == "CLIENT") {
    return refusal.empty() ? "" : fmt::format("-{}\r\n", refusal);
  }
  auto line = net::test_socket::to(behind.port());
  commands same;
  same.add(words);
  line.send(same.wire());
  return line.receive_some();
}

class redis_proxies : public refusing_redis, public testing::WithParamInterface<std::string_view> {};

TEST_P(redis_proxies, without_hello_and_transactions_cache) {
  redis::testing::scripted_redis proxy{[&](const auto& words) { return proxied(words, GetParam(), server_); }};
  auto there = redis::testing::to(proxy.port());
  there.node.connections = 1;
  open(std::move(there));
  EXPECT_TRUE(eventually([&] { return keeps(1); }));
  EXPECT_EQ(store_->status().health, store_health::ready) << store_->status().detail;
  EXPECT_GT(ask({"PTTL", entry::storage_name(sample{.n = 1}.id())}).integer, 0);
  store_ = nullptr;  // it holds the one connection that the proxy serves
}

/// A proxy that takes CLIENT TRACKING and tells of no change.
TEST_F(refusing_redis, tracking_that_tells_nothing_makes_copies_good_for_a_second) {
  redis::testing::scripted_redis proxy{[&](const auto& words) -> std::string {
    if (words.front() == "HELLO") return "%1\r\n+role\r\n+master\r\n";
    if (words.front() == "CLIENT") return "+OK\r\n";
    return proxied(words, "ERR unknown command", server_);
  }};
  auto there = redis::testing::to(proxy.port());
  there.node.connections = 1;
  const store_options options{.clock = &clock_};
  auto near = std::make_shared<near_cache>(std::make_unique<memory_store>(options));
  auto below = std::make_unique<redis_store>(std::move(there), "redis://there", options, near);
  ASSERT_TRUE(below->await(5s).has_value());
  tiered_store both{near, std::move(below)};
  const sample kept{.n = 1};
  const auto get = [&] { return body_of(net::run_to_end(both.get(kept.id())).value_or(nullptr)); };
  both.put(kept.make());
  both.flush();
  EXPECT_TRUE(eventually([&] { return get() == kept.text(); }));
  (void)ask({"DEL", entry::storage_name(kept.id())});
  EXPECT_TRUE(eventually([&] { return get() != kept.text(); }));
}

INSTANTIATE_TEST_SUITE_P(each, redis_proxies,
                         testing::Values("ERR unknown command", "ERR command not supported for proxy",
                                         "unsupported command", "ERR wrong number of arguments", ""));

}  // namespace
}  // namespace refrain::store
