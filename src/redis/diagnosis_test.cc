// On a real Redis where it can be brought to have the fault, which the test starts.

#include "redis/diagnosis.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "redis/trust.h"
#include "support/net/loop.h"
#include "support/redis/cluster.h"
#include "support/redis/script.h"
#include "support/redis/server.h"
#include "support/redis/tls_server.h"

namespace refrain::redis {
namespace {

using namespace std::chrono_literals;
using testing::scripted_redis;
using testing::server;
using testing::tls_server;

constexpr std::string_view secret = "s3cr#t@word";

std::string url_of(std::uint16_t port) { return "redis://127.0.0.1:" + std::to_string(port); }

/// Its bus would listen 10000 above the port, where there may be none.
std::vector<std::string> of_cluster() {
  return {"--cluster-enabled", "yes",  "--cluster-port",     std::to_string(testing::free_port()),
          "--maxmemory",       "64mb", "--maxmemory-policy", "allkeys-lru"};
}

class diagnosis : public ::testing::Test {
 protected:
  findings look(const std::string& url, const tls_options& options = {}) {
    auto there = parse_address(url);
    if (!there) throw std::runtime_error("no address: " + there.error().context);
    diagnosis_options what{.there = *there,
                           .tls = trust_of(*there, options).value(),
                           .tls_said = options,
                           .rights = rights_,
                           .node_map = node_map_,
                           .probe_key = "refrain:doctor:test",
                           .deadline = {},
                           .limit = limit_};
    return home_.run(diagnose(home_.loop(), std::move(what)));
  }

  /// The faults that were found, as a person would read them, one a line.
  std::string faults(const std::string& url, const tls_options& options = {}) {
    return said(look(url, options), condition::fault);
  }
  std::string hints(const std::string& url) { return said(look(url), condition::warning); }

  static std::string said(const findings& all, condition how) {
    std::string lines;
    for (const auto& one : all) {
      EXPECT_EQ((one.text + one.remedy).find(secret), std::string::npos) << "a secret is shown";
      EXPECT_TRUE(one.what == condition::ok || !one.remedy.empty()) << "no remedy for: " << one.text;
      if (one.what == how) lines += one.check + " | " + one.text + " | " + one.remedy + "\n";
    }
    return lines;
  }

  std::chrono::milliseconds limit_ = 5s;
  base::endpoint_map node_map_;
  std::vector<right> rights_{{"~refrain:*", {"HMGET", "refrain:doctor:test", "meta"}},
                             {"+hset", {"HSET", "refrain:doctor:test", "meta", "doctor"}},
                             {"+del", {"DEL", "refrain:doctor:test"}},
                             {.rule = "+dbsize", .trial = {"DBSIZE"}, .needed = false}};
  net::running_loop home_;
};

/// What is looked for in the lines of `said`.
void expect_line(const std::string& lines, std::initializer_list<std::string_view> parts) {
  for (const auto part : parts) EXPECT_NE(lines.find(part), std::string::npos) << part << " is not in:\n" << lines;
  EXPECT_EQ(std::ranges::count(lines, '\n'), 1) << lines;
}

TEST_F(diagnosis, of_a_good_redis_finds_no_fault_and_leaves_nothing_behind) {
  const server redis{{"--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru"}};
  const auto seen = look(redis.url() + "/2");
  EXPECT_EQ(said(seen, condition::fault), "");
  EXPECT_EQ(said(seen, condition::warning), "");
  const auto good = said(seen, condition::ok);
  const std::string_view product = testing::server_program().contains("valkey") ? "is Valkey " : "is Redis ";
  for (const auto part :
       std::initializer_list<std::string_view>{product, "standalone", "answers in ", "of 64 MiB used", "redis rights",
                                               "redis writes", "host 127.0.0.1", "database 2"}) {
    EXPECT_NE(good.find(part), std::string::npos) << part << " is not in:\n" << good;
  }
  auto asks = net::test_socket::to(redis.port());
  asks.send("SELECT 2\r\nDBSIZE\r\n");
  EXPECT_EQ(asks.receive(9), "+OK\r\n:0\r\n");
}

TEST_F(diagnosis, tells_a_closed_port) {
  const auto port = testing::free_port();
  expect_line(faults(url_of(port)), {"Connection refused", "start Redis there"});
}

TEST_F(diagnosis, tells_a_name_that_nobody_knows) {
  expect_line(faults("redis://no-such-host.invalid:6379"), {"cannot look up no-such-host.invalid", "DNS"});
}

TEST_F(diagnosis, tells_a_place_that_takes_connections_and_says_nothing) {
  limit_ = 200ms;
  const net::test_listener hole;
  expect_line(faults(url_of(hole.port())), {"took over 200 ms to answer", "redis-cli"});
}

TEST_F(diagnosis, tells_a_password_that_is_missing_or_wrong) {
  const server redis{{"--requirepass", std::string{secret}, "--user", "app", "on", ">other", "~*", "+@all"}};
  expect_line(faults(redis.url()), {"asks for a password", "REDIS_PASSWORD"});
  const auto place = "@127.0.0.1:" + std::to_string(redis.port());
  expect_line(faults("redis://:wrong" + place), {"refuses the user or the password", "REDIS_USERNAME"});
  expect_line(faults("redis://nobody:other" + place), {"refuses the user or the password"});
  EXPECT_EQ(faults("redis://:" + std::string{secret} + place), "");
  EXPECT_EQ(faults("redis://app:other" + place), "");
}

TEST_F(diagnosis, hints_at_a_password_that_is_not_asked_for) {
  const server redis{{"--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru"}};
  const auto url = "redis://:" + std::string{secret} + "@127.0.0.1:" + std::to_string(redis.port());
  EXPECT_EQ(faults(url), "");
  expect_line(hints(url), {"lets in whoever has none", "requirepass"});
}

TEST_F(diagnosis, tells_plain_text_that_came_to_a_port_for_tls) {
  const tls_server redis;
  expect_line(faults(url_of(redis.port())), {"speaks TLS and was spoken to in plain text", "rediss://"});
}

TEST_F(diagnosis, tells_tls_that_came_to_a_port_for_plain_text) {
  limit_ = 500ms;
  const server redis;
  expect_line(faults("rediss://127.0.0.1:" + std::to_string(redis.port())),
              {"speaks plain text and was spoken to by TLS", "redis://"});
}

TEST_F(diagnosis, tells_what_is_no_redis_or_none_for_others) {
  // Each time it is tried in another way, until it speaks for itself.
  const auto says = [](std::string_view greeting, int tries) {
    return [greeting, tries](net::test_listener& at) {
      for (int turn = 0; turn < tries; ++turn) {
        auto caller = at.accept();
        (void)caller.receive_some();
        caller.send(greeting);
      }
    };
  };
  const net::scripted_server guarded{says("-DENIED Redis is running in protected mode\r\n", 1)};
  expect_line(faults(url_of(guarded.port())), {"protected mode", "requirepass"});
  const net::scripted_server web{says("HTTP/1.1 400 Bad Request\r\n\r\n", 2)};
  expect_line(faults(url_of(web.port())), {"is a web server and no Redis", "mend the port"});
  const net::scripted_server mail{says("220 mail.example ESMTP\r\n", 3)};
  expect_line(faults(url_of(mail.port())), {"is no Redis", "6379"});
}

TEST_F(diagnosis, tells_what_a_certificate_lacks) {
  const tls_server good;
  const auto url = "rediss://127.0.0.1:" + std::to_string(good.port());
  EXPECT_EQ(faults(url, {.ca_file = good.ca_file()}), "");
  expect_line(faults(url), {"redis.tls_ca", "authority"});

  const tls_server expired{"IP:127.0.0.1", -1h};
  expect_line(faults("rediss://127.0.0.1:" + std::to_string(expired.port()), {.ca_file = expired.ca_file()}),
              {"certificate has expired", "renew"});

  const tls_server other{"DNS:redis.example"};
  const auto other_url = "rediss://127.0.0.1:" + std::to_string(other.port());
  expect_line(faults(other_url, {.ca_file = other.ca_file()}), {"mismatch", "a name that the certificate holds"});
  EXPECT_EQ(faults(other_url, {.ca_file = other.ca_file(), .check_host = false}), "");
}

TEST_F(diagnosis, tells_that_a_certificate_of_ours_is_wanted) {
  const tls_server redis{"IP:127.0.0.1", 1h, true};
  const auto url = "rediss://127.0.0.1:" + std::to_string(redis.port());
  expect_line(faults(url, {.ca_file = redis.ca_file()}), {"redis.tls_certificate"});
  EXPECT_EQ(faults(url, {.ca_file = redis.ca_file(), .certificate_file = redis.card(), .key_file = redis.key()}), "");
}

TEST_F(diagnosis, tells_a_database_that_is_not_there) {
  const server redis;
  expect_line(faults(redis.url() + "/99"), {"no database of that number", "REDIS_DB"});
}

TEST_F(diagnosis, tells_a_replica) {
  const server primary;
  const server replica{{"--replicaof", "127.0.0.1", std::to_string(primary.port())}};
  const auto seen = look(replica.url());
  EXPECT_NE(said(seen, condition::ok).find("a replica"), std::string::npos);
  expect_line(said(seen, condition::fault), {"redis writes", "is a replica", "the primary's address"});
}

TEST_F(diagnosis, tells_full_memory_and_a_policy_that_lets_it_fill) {
  const server full{{"--maxmemory", "1", "--maxmemory-policy", "noeviction"}};
  const auto seen = look(full.url());
  expect_line(said(seen, condition::fault), {"memory is full", "allkeys-lru"});
  expect_line(said(seen, condition::warning), {"policy noeviction", "CONFIG SET maxmemory-policy"});
  const server unbounded;
  expect_line(hints(unbounded.url()), {"no bound", "maxmemory"});
}

TEST_F(diagnosis, tells_that_redis_cannot_save) {
  const scripted_redis sick{[](const auto& words) -> std::string {
    if (words[0] == "HELLO") return "%3\r\n+version\r\n+7.0.15\r\n+mode\r\n+standalone\r\n+role\r\n+master\r\n";
    if (words[0] == "PING") return "+PONG\r\n";
    if (words[0] == "HSET") return "-MISCONF Redis is configured to save RDB snapshots, but\r\n";
    if (words[0] == "EXEC") return "-EXECABORT Transaction discarded because of previous errors.\r\n";
    return "+OK\r\n";
  }};
  expect_line(faults(url_of(sick.port())), {"cannot save to disk", "make room"});
}

TEST_F(diagnosis, tells_a_redis_that_is_full_of_clients) {
  const server redis{{"--maxclients", "1"}};
  // Whoever looked whether it is up may count for a moment longer.
  std::optional<net::test_socket> taken;
  do {
    taken.emplace(net::test_socket::to(redis.port()));
    taken->send("PING\r\n");
  } while (taken->receive_until("\r\n") != "+PONG\r\n");
  expect_line(faults(redis.url()), {"as many clients as it takes", "maxclients"});
}

TEST_F(diagnosis, hints_at_a_redis_that_has_hardly_room_for_our_connections) {
  const server redis{{"--maxclients", "3", "--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru"}};
  expect_line(hints(redis.url()), {"redis clients", "of 3 clients", "redis.connections"});
}

TEST_F(diagnosis, tells_a_redis_that_loads_or_is_held_by_a_script) {
  const scripted_redis loads{[](const auto& words) -> std::string {
    if (words[0] == "HELLO") return "%1\r\n+mode\r\n+standalone\r\n";
    return "-LOADING Redis is loading the dataset in memory\r\n";
  }};
  expect_line(faults(url_of(loads.port())), {"reading its data in", "by itself"});

  const server redis{{"--busy-reply-threshold", "10"}};
  auto endless = net::test_socket::to(redis.port());
  endless.send("EVAL 'while true do end' 0\r\n");
  auto waits = net::test_socket::to(redis.port());
  waits.send("PING\r\n");
  EXPECT_TRUE(waits.receive_until("\r\n").starts_with("-BUSY"));
  expect_line(faults(redis.url()), {"a script keeps Redis busy", "SCRIPT KILL"});
}

TEST_F(diagnosis, names_the_rights_that_a_user_lacks) {
  const server redis{{"--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru", "--user", "app", "on", ">pw",
                      "~llm:*", "+@all", "-hset", "-dbsize"}};
  const auto seen = look("redis://app:pw@127.0.0.1:" + std::to_string(redis.port()));
  const auto bad = said(seen, condition::fault);
  EXPECT_NE(bad.find("it lacks ~refrain:* +hset"), std::string::npos) << bad;
  EXPECT_NE(bad.find("ACL SETUSER app ~refrain:* +hset"), std::string::npos) << bad;
  EXPECT_NE(bad.find("redis writes"), std::string::npos) << bad;
  EXPECT_NE(said(seen, condition::warning).find("it lacks +dbsize"), std::string::npos);
  const server other{{"--user", "app", "on", ">pw", "~*", "+@all", "-select"}};
  const auto url = "redis://app:pw@127.0.0.1:" + std::to_string(other.port());
  EXPECT_EQ(faults(url), "");
  expect_line(faults(url + "/1"), {"the user app may not choose database 1", "+select"});
}

TEST_F(diagnosis, tells_a_cluster_that_was_taken_for_a_server_and_the_reverse) {
  const server node{of_cluster()};
  expect_line(faults(node.url()), {"is a node of a Redis Cluster", "redis+cluster://"});
  expect_line(faults(node.url() + "/1"), {"node of a Cluster, which has database 0 only"});
  const server alone;
  expect_line(faults("redis+cluster://127.0.0.1:" + std::to_string(alone.port())), {"is no Cluster", "redis://"});
}

TEST_F(diagnosis, finds_a_clusters_node_good_where_serve_can_use_it) {
  const testing::cluster all{3, false};
  const auto seen = look(all.nodes().front()->url());
  EXPECT_EQ(said(seen, condition::fault), "");
  EXPECT_TRUE(said(seen, condition::ok).contains("is a node of a Redis Cluster, and is used as one"));
}

TEST_F(diagnosis, names_each_primary_that_lets_nobody_in_or_takes_no_write) {
  const testing::cluster all{3, false};
  (void)testing::cli(*all.nodes()[1], "CONFIG SET requirepass other");
  (void)testing::cli(*all.nodes()[2], "ACL SETUSER default -hset");
  const auto lines = faults(all.url());
  const auto place = [&](std::size_t i) { return "127.0.0.1:" + std::to_string(all.nodes()[i]->port()); };
  EXPECT_TRUE(lines.contains("redis cluster | " + place(1) + ": ")) << lines;
  EXPECT_TRUE(lines.contains("redis writes | " + place(2) + ": ")) << lines;
  EXPECT_FALSE(lines.contains(place(0))) << lines;
}

TEST_F(diagnosis, tries_each_primary_however_many_hints_there_are) {
  const testing::cluster all{4, false};
  for (const auto& node : all.nodes()) {
    (void)testing::cli(*node, "ACL SETUSER default -hset");
    const auto url = "redis+cluster://:pw@127.0.0.1:" + std::to_string(all.nodes().front()->port());
    const auto place = "127.0.0.1:" + std::to_string(node->port());
    EXPECT_TRUE(faults(url).contains("redis writes | " + place))
        << "each lets in whoever has no password, which is a hint";
    (void)testing::cli(*node, "ACL SETUSER default +hset");
  }
}

TEST_F(diagnosis, finds_a_tls_cluster_good_whose_nodes_announce_addresses) {
  const tls_server node{"DNS:localhost", 1h, false,
                        testing::of_node({"--tls-cluster", "yes", "--cluster-announce-ip", "127.0.0.1"})};
  testing::give_all_slots(node.plain());
  ASSERT_TRUE(testing::cluster::comes_true(
      [&] { return testing::cli(node.plain(), "CLUSTER INFO").contains("cluster_state:ok"); }));
  const auto url = "rediss+cluster://localhost:" + std::to_string(node.port());
  const auto seen = look(url, {.ca_file = node.ca_file()});
  EXPECT_EQ(said(seen, condition::fault), "");
  EXPECT_TRUE(said(seen, condition::ok).contains("all of its 1 primaries are reached, let us in and take writes"));
}

TEST_F(diagnosis, says_how_an_address_in_another_network_is_reached) {
  const server node{testing::of_node({"--cluster-announce-ip", "192.0.2.7", "--cluster-announce-port", "7001"})};
  testing::give_all_slots(node);
  ASSERT_TRUE(
      testing::cluster::comes_true([&] { return testing::cli(node, "CLUSTER INFO").contains("cluster_state:ok"); }));
  const auto url = "redis+cluster://127.0.0.1:" + std::to_string(node.port());
  expect_line(faults(url), {"192.0.2.7:7001", "another network", "redis.node_map"});
  node_map_ = {{{.host = "192.0.2.7", .port = 7001}, {.host = "127.0.0.1", .port = node.port()}}};
  EXPECT_EQ(faults(url), "");
}

/// A server that says it is a Cluster's, shows no nodes that are reached, and takes every key.
TEST_F(diagnosis, finds_a_proxied_cluster_good) {
  const scripted_redis proxy{[](const scripted_redis::words& words) -> std::string {
    if (words[0] == "HELLO") return "%2\r\n+mode\r\n+cluster\r\n+role\r\n+master\r\n";
    if (words[0] == "CLUSTER" || words[0] == "INFO") return "-ERR command is not supported by this proxy\r\n";
    return words[0] == "PING" ? "+PONG\r\n" : ":1\r\n";
  }};
  const auto seen = look(url_of(proxy.port()));
  EXPECT_EQ(said(seen, condition::fault), "");
  EXPECT_TRUE(said(seen, condition::ok).contains("answers for a whole Redis Cluster"));
}

TEST_F(diagnosis, says_that_a_certificate_is_not_verified) {
  const tls_server redis{"DNS:other"};
  const auto seen = look("rediss://127.0.0.1:" + std::to_string(redis.port()), {.verify = false});
  EXPECT_TRUE(said(seen, condition::ok).contains("but the certificate is not verified"));
  EXPECT_FALSE(said(seen, condition::ok).contains("yes, verified"));
  EXPECT_TRUE(said(seen, condition::warning).contains("REDIS_SSL_CERT_REQS"));
}

TEST_F(diagnosis, tells_a_cluster_that_lacks_slots) {
  const server node{of_cluster()};
  const auto lines = faults("redis+cluster://127.0.0.1:" + std::to_string(node.port()));
  EXPECT_NE(lines.find("0 of 16384 slots are assigned"), std::string::npos) << lines;
  EXPECT_NE(lines.find("--cluster check 127.0.0.1:"), std::string::npos) << lines;
}

TEST_F(diagnosis, finds_a_whole_cluster_good_though_one_of_its_places_is_away) {
  const server node{of_cluster()};
  auto asks = net::test_socket::to(node.port());
  asks.send("CLUSTER ADDSLOTSRANGE 0 16383\r\n");
  EXPECT_EQ(asks.receive_until("\r\n"), "+OK\r\n");
  // It takes a moment until the node believes it.
  std::string state;
  while (!state.contains("cluster_state:ok")) {
    asks.send("CLUSTER INFO\r\n");
    state = asks.receive_until("cluster_stats_messages_received:0\r\n");
    ASSERT_FALSE(state.empty());
  }
  const auto url =
      "redis+cluster://127.0.0.1:" + std::to_string(testing::free_port()) + ",127.0.0.1:" + std::to_string(node.port());
  EXPECT_EQ(faults(url), "");
  expect_line(hints(url), {"Connection refused"});
}

std::string bulk(std::string_view text) {
  return "$" + std::to_string(text.size()) + "\r\n" + std::string{text} + "\r\n";
}

/// A Sentinel that knows mymaster, at that port.
scripted_redis::script sentinel_of(std::uint16_t primary) {
  return [primary](const scripted_redis::words& words) -> std::string {
    if (words[0] == "HELLO") return "%2\r\n+version\r\n+7.0.15\r\n+mode\r\n+sentinel\r\n";
    if (words[0] == "PING") return "+PONG\r\n";
    if (words[0] != "SENTINEL") return "-ERR unknown command '" + words[0] + "', with args beginning with: \r\n";
    if (words[1] == "MASTERS") return "*1\r\n*2\r\n" + bulk("name") + bulk("mymaster");
    if (words[1] == "CKQUORUM") return "+OK 1 usable Sentinels.\r\n";
    return words[2] == "mymaster" ? "*2\r\n" + bulk("127.0.0.1") + bulk(std::to_string(primary)) : "_\r\n";
  };
}

TEST_F(diagnosis, follows_sentinels_to_the_primary) {
  const server redis{{"--requirepass", std::string{secret}}};
  const scripted_redis guard{sentinel_of(redis.port())};
  const auto place = "127.0.0.1:" + std::to_string(guard.port());
  const auto good = said(look("redis+sentinel://:" + std::string{secret} + "@" + place + "/mymaster"), condition::ok);
  EXPECT_NE(good.find("as the primary of mymaster"), std::string::npos) << good;
  EXPECT_NE(good.find("redis writes"), std::string::npos) << good;
  expect_line(faults("redis+sentinel://" + place + "/mymaster"), {"asks for a password"});
  expect_line(faults("redis+sentinel://" + place + "/other"), {"knows no service other", "it knows mymaster"});
}

TEST_F(diagnosis, tells_a_sentinel_that_was_taken_for_a_server_and_the_reverse) {
  const scripted_redis guard{sentinel_of(6379)};
  expect_line(faults(url_of(guard.port())),
              {"is a Sentinel and was taken for a server", "redis+sentinel://host/service"});
  expect_line(faults(url_of(guard.port()) + "/1"), {"is a Sentinel"});
  const server redis;
  expect_line(faults("redis+sentinel://127.0.0.1:" + std::to_string(redis.port()) + "/mymaster"),
              {"was taken for a Sentinel", "26379"});
}

TEST_F(diagnosis, hints_at_plain_text_to_another_machine) {
  limit_ = 50ms;
  // TEST-NET-1 (RFC 5737): nobody answers there.
  const auto seen = look("redis://192.0.2.1:6379");
  expect_line(said(seen, condition::warning), {"192.0.2.1", "rediss://"});
}

}  // namespace
}  // namespace refrain::redis
