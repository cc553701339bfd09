// On real servers, which the tests start: one, a Cluster, one behind Sentinels.

#include "redis/client.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "redis/slots.h"
#include "support/net/loop.h"
#include "support/net/run_to_end.h"
#include "support/redis/client.h"
#include "support/redis/cluster.h"
#include "support/redis/script.h"
#include "support/redis/sentinels.h"
#include "support/redis/tls_server.h"

namespace refrain::redis {
namespace {

using testing::cli;
using testing::cluster;
using testing::scripted_redis;
using testing::sentinels;

client_options to_cluster(const cluster& all) {
  auto there = testing::to(*all.nodes().front());
  there.where.kind = topology::cluster;
  return there;
}

client_options to_sentinels(const sentinels& all) {
  auto there = testing::to(*all.watchers().front());
  there.where.kind = topology::sentinel;
  there.where.service = "main";
  there.where.hosts.clear();
  for (const auto& one : all.watchers()) there.where.hosts.push_back({.host = "127.0.0.1", .port = one->port()});
  return there;
}

/// The one reply; an error of the client's own as an error reply.
reply ask(client& all, commands what, use how = use::write) {
  auto said = net::run_to_end(all.call(how, std::move(what)));
  return said ? said->back() : reply{.kind = reply_kind::error, .text = said.error().context};
}

bool is_set(client& all, const std::string& key) {
  return cluster::comes_true([&] { return ask(all, {"SET", key, "of " + key}).is_ok(); });
}

TEST(clients, reach_every_slot_of_a_cluster) {
  const cluster all;
  client own{to_cluster(all)};
  ASSERT_TRUE(is_set(own, "any"));
  EXPECT_EQ(own.servers(), 3u);
  for (int i = 0; i < 200; ++i) {
    const auto key = "key " + std::to_string(i);
    ASSERT_TRUE(ask(own, {"SET", key, "of " + key}).is_ok()) << key;
    EXPECT_EQ(ask(own, {"GET", key}, use::read).text, "of " + key);
  }
  std::int64_t sum = 0;
  for (std::size_t server = 0; server < own.servers(); ++server) {
    const auto said = net::run_to_end(own.call_at(server, use::bulk, commands{"DBSIZE"}));
    sum += said->front().integer;
  }
  EXPECT_EQ(sum, 201);
  EXPECT_FALSE(net::run_to_end(own.call_at(3, use::bulk, commands{"DBSIZE"})).has_value());
}

TEST(clients, follow_a_slot_that_moves) {
  const cluster all{3, false};
  client own{to_cluster(all)};
  ASSERT_TRUE(is_set(own, "key"));
  const auto slot = slot_of("key");
  auto& from = all.owner_of(slot);
  const auto& to = *std::ranges::find_if(all.nodes(), [&](const auto& one) { return one.get() != &from; })->get();
  const auto number = std::to_string(slot);

  // On its way: the key is still here, one that is not yet there is asked for at the new place.
  (void)cli(to, "CLUSTER SETSLOT " + number + " IMPORTING " + cluster::id_of(from));
  (void)cli(from, "CLUSTER SETSLOT " + number + " MIGRATING " + cluster::id_of(to));
  EXPECT_EQ(ask(own, {"GET", "key"}, use::read).text, "of key");
  EXPECT_TRUE(ask(own, {"GET", "{key}new"}, use::read).is(reply_kind::nil));
  commands write{"MULTI"};
  write.add({"DEL", "{key}new"}).add({"HSET", "{key}new", "a", "b"}).add({"EXEC"});
  EXPECT_TRUE(ask(own, write).is(reply_kind::array));
  EXPECT_EQ(ask(own, {"HGET", "{key}new", "a"}, use::read).text, "b");
  EXPECT_TRUE(cli(from, "EXISTS {key}new").starts_with("ASK"));

  // It has arrived.
  (void)cli(from, "MIGRATE 127.0.0.1 " + std::to_string(to.port()) + " key 0 5000");
  for (const auto& one : all.nodes()) (void)cli(*one, "CLUSTER SETSLOT " + number + " NODE " + cluster::id_of(to));
  EXPECT_EQ(ask(own, {"GET", "key"}, use::read).text, "of key");
  EXPECT_TRUE(ask(own, {"SET", "key", "moved"}).is_ok());
  EXPECT_EQ(cli(to, "GET key"), "moved\n");
}

/// A real Redis says so of commands about several keys alone, and ours are about one.
TEST(clients, try_again_where_a_server_says_so) {
  std::atomic<std::uint16_t> port{0};
  std::atomic<int> refusals{0};
  const scripted_redis busy{[&](const auto& words) -> std::string {
    if (words[0] == "HELLO") return "%2\r\n+mode\r\n+cluster\r\n+role\r\n+master\r\n";
    if (words[0] == "CLUSTER") {
      const auto here = "*2\r\n$9\r\n127.0.0.1\r\n:" + std::to_string(port) + "\r\n";
      return "*1\r\n*3\r\n:0\r\n:16383\r\n" + here;
    }
    if (words[0] != "GET") return "+OK\r\n";
    if (words[1] == "later" && refusals++ > 0) return "$4\r\nhere\r\n";
    return "-TRYAGAIN Multiple keys request during rehashing of slot\r\n";
  }};
  port = busy.port();
  auto there = testing::to(busy.port());
  there.where.kind = topology::cluster;
  there.node.connections = 1;
  client own{std::move(there)};
  ASSERT_TRUE(is_set(own, "any"));
  EXPECT_EQ(ask(own, {"GET", "later"}).text, "here");
  EXPECT_EQ(refusals, 2);
  // Not for ever.
  EXPECT_EQ(ask(own, {"GET", "never"}).error_class(), "TRYAGAIN");
}

TEST(clients, find_the_replica_that_takes_a_dead_primarys_place) {
  const cluster all;
  client own{to_cluster(all)};
  ASSERT_TRUE(is_set(own, "key"));
  all.owner_of(slot_of("key")).stop();
  EXPECT_TRUE(cluster::comes_true([&] { return ask(own, {"SET", "key", "again"}).is_ok(); }));
  EXPECT_EQ(ask(own, {"GET", "key"}, use::read).text, "again");
}

TEST(clients, find_nodes_that_join) {
  cluster all{3, false};
  client own{to_cluster(all)};
  ASSERT_TRUE(is_set(own, "key"));
  auto& from = all.owner_of(slot_of("key"));
  auto& fresh = all.add();
  const auto number = std::to_string(slot_of("key"));
  (void)cli(from, "DEL key");
  // What a node was importing it claims in an epoch of its own, which the others believe.
  (void)cli(fresh, "CLUSTER SETSLOT " + number + " IMPORTING " + cluster::id_of(from));
  (void)cli(from, "CLUSTER SETSLOT " + number + " MIGRATING " + cluster::id_of(fresh));
  for (auto* const one : {&fresh, &from}) {
    (void)cli(*one, "CLUSTER SETSLOT " + number + " NODE " + cluster::id_of(fresh));
  }
  EXPECT_TRUE(is_set(own, "key"));
  EXPECT_EQ(cli(fresh, "GET key"), "of key\n");
  EXPECT_EQ(own.servers(), 4u);
}

TEST(clients, take_the_users_name_in_the_certificate_of_a_node_that_announces_an_address) {
  const testing::tls_server node{"DNS:localhost", std::chrono::hours{1}, false,
                                 testing::of_node({"--tls-cluster", "yes", "--cluster-announce-ip", "127.0.0.1"})};
  testing::give_all_slots(node.plain());
  auto there = testing::to(node.port());
  there.where.kind = topology::cluster;
  there.where.hosts.front().host = "localhost";
  there.where.asking.tls = net::tls_context::for_clients({.ca_file = node.ca_file()}).value();
  there.where.asking.where.other_names = {"localhost"};
  there.node.lane.to.tls = there.where.asking.tls;
  there.node.lane.to.where.other_names = {"localhost"};
  client own{there};
  EXPECT_TRUE(is_set(own, "any"));

  there.node.lane.to.where.other_names = {"example.com"};
  client lost{there};
  ASSERT_TRUE(cluster::comes_true([&] { return ask(lost, {"GET", "any"}).text.contains("mismatch"); }));
}

TEST(clients, reach_announced_addresses_where_the_map_says) {
  const testing::server node{
      testing::of_node({"--cluster-announce-ip", "10.1.2.3", "--cluster-announce-port", "7001"})};
  testing::give_all_slots(node);
  auto there = testing::to(node);
  there.where.kind = topology::cluster;
  const base::endpoint here = there.where.hosts.front();
  there.where.map = {{{.host = "10.1.2.3", .port = 7001}, here}};
  client own{there};
  EXPECT_TRUE(is_set(own, "any"));
}

TEST(clients, follow_the_sentinels_to_the_primary) {
  sentinels all;
  client own{to_sentinels(all)};
  ASSERT_TRUE(is_set(own, "key"));
  EXPECT_EQ(cli(all.first(), "GET key"), "of key\n");
  all.first().stop();
  EXPECT_TRUE(is_set(own, "other"));
  EXPECT_EQ(cli(all.second(), "GET other"), "of other\n");
  // The Sentinel that is asked here may hear of it after the one that the client asked.
  EXPECT_TRUE(cluster::comes_true([&] { return all.primary_port() == all.second().port(); }));
}

TEST(clients, leave_a_primary_that_was_demoted) {
  sentinels all;
  client own{to_sentinels(all)};
  ASSERT_TRUE(is_set(own, "key"));
  ASSERT_TRUE(cluster::comes_true([&] { return cli(*all.watchers().front(), "SENTINEL FAILOVER main") == "OK\n"; }));
  // Until they have settled it, the Sentinels cut off whoever is connected to the one that they promote.
  EXPECT_TRUE(cluster::comes_true([&] { return all.primary_port() == all.second().port(); }));
  EXPECT_TRUE(cluster::comes_true(
      [&] { return ask(own, {"SET", "key", "after"}).is_ok() && cli(all.second(), "GET key") == "after\n"; }));
}

TEST(clients, say_what_is_wrong_with_what_they_were_given) {
  const testing::server alone;
  const auto fault_of = [](client_options there) {
    std::promise<base::error> fault;
    std::atomic<bool> told{false};
    there.report = [&](const client_state& now) {
      if (now.fault && !told.exchange(true)) fault.set_value(*now.fault);
    };
    const client own{std::move(there)};
    return fault.get_future().get().context;
  };
  auto as_cluster = testing::to(alone);
  as_cluster.where.kind = topology::cluster;
  EXPECT_TRUE(fault_of(as_cluster).contains("is no Cluster"));

  const testing::server watcher{{"--sentinel"}, "sentinel monitor main 127.0.0.1 1 2\n"};
  auto unknown = testing::to(watcher);
  unknown.where.kind = topology::sentinel;
  unknown.where.service = "other";
  EXPECT_TRUE(fault_of(unknown).contains("know no primary named other"));
}

TEST(clients, read_the_password_once_more_where_it_is_refused) {
  const testing::server guarded{{"--requirepass", "first"}};
  std::atomic<bool> changed{false};
  auto there = testing::to(guarded);
  there.node.lane.to.who.password = base::secret{"wrong"};
  there.node.lane.reread = [&]() -> std::optional<login> {
    return login{.user = "", .password = base::secret{changed ? "second" : "first"}};
  };
  client own{std::move(there)};
  EXPECT_TRUE(is_set(own, "key"));
  changed = true;
  (void)cli(guarded, "--no-auth-warning -a first CONFIG SET requirepass second");
  (void)cli(guarded, "--no-auth-warning -a second CLIENT KILL TYPE normal SKIPME yes");
  EXPECT_TRUE(is_set(own, "key"));
}

TEST(clients, speak_over_a_unix_socket) {
  const testing::server both{{"--unixsocket", "socket"}};
  auto there = testing::to(both);
  there.node.lane.to.where.socket_path = both.folder() / "socket";
  client own{std::move(there)};
  EXPECT_TRUE(is_set(own, "key"));
  EXPECT_EQ(cli(both, "GET key"), "of key\n");
}

TEST(clients, read_and_write_on_connections_of_their_own) {
  const testing::server alone;
  for (const auto& [connections, expected] : {std::pair{1u, 1}, {2u, 2}, {3u, 3}, {4u, 4}, {9u, 4}}) {
    net::running_loop first;
    net::running_loop second;
    auto there = testing::to(alone);
    there.node.readers = {&first.loop(), &second.loop()};
    there.node.connections = connections;
    {
      client own{std::move(there)};
      EXPECT_TRUE(is_set(own, "key"));
      EXPECT_TRUE(cluster::comes_true([&] {
        const auto list = cli(alone, "CLIENT LIST");
        const auto ours = std::ranges::count(list, '\n') - 1;
        return ours == expected;
      })) << connections;
      auto read = commands{"GET", "key"};
      EXPECT_EQ(first.run(own.call(use::read, read))->front().text, "of key");
      EXPECT_EQ(ask(own, read, use::bulk).text, "of key");
      first.stop();
      second.stop();
    }
  }
}

}  // namespace
}  // namespace refrain::redis
