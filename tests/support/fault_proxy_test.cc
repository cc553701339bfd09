// On a real Redis, which the test starts.
#include "support/fault_proxy.h"

#include <gtest/gtest.h>

#include "support/net/socket.h"
#include "support/redis/server.h"

namespace refrain::tests {
namespace {

using namespace std::chrono_literals;
using net::test_socket;

constexpr std::string_view echo_all =
    "*2\r\n$4\r\nECHO\r\n$1\r\na\r\n*2\r\n$4\r\necho\r\n$1\r\nb\r\n*2\r\n$4\r\nECHO\r\n$1\r\nc\r\n";
constexpr std::string_view ping = "*1\r\n$4\r\nPING\r\n";

struct rule {
  std::string_view name;
  wire_faults faults;
  std::string_view comes;  ///< up to the answer to the PING behind the three
  std::uint64_t fault_tally::* counted;
  std::uint64_t times;
};

class fault_proxies : public testing::Test {
 protected:
  test_socket connect() const { return test_socket::to(proxy_.port()); }
  std::string ask(std::string_view bytes, std::string_view until) {
    auto line = connect();
    line.send(bytes);
    return line.receive_until(until);
  }

  const redis::testing::server redis_;
  fault_proxy proxy_{redis_.port(), 7};
};

TEST_F(fault_proxies, are_honest_by_default) {
  EXPECT_TRUE(ask("*2\r\n$5\r\nHELLO\r\n$1\r\n3\r\n", "modules\r\n*0\r\n").starts_with("%7\r\n"));
  EXPECT_EQ(ask(std::string{echo_all} + std::string{ping}, "PONG\r\n"), "$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n+PONG\r\n");
  EXPECT_EQ(proxy_.did().connections, 2u);
  EXPECT_EQ(proxy_.did().replies, 5u);
  EXPECT_EQ(proxy_.did().harm(), 0u);
}

TEST_F(fault_proxies, do_to_replies_what_they_are_told) {
  const rule rules[]{
      {"delay", {.delay = 1}, "$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n+PONG\r\n", &fault_tally::delays, 3},
      {"split", {.split = 1, .split_up_to = 1}, "$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n+PONG\r\n", &fault_tally::splits, 3},
      {"duplicate",
       {.duplicate = 1},
       "$1\r\na\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nb\r\n$1\r\nc\r\n$1\r\nc\r\n+PONG\r\n",
       &fault_tally::duplicates,
       3},
      {"drop", {.drop = 1}, "+PONG\r\n", &fault_tally::drops, 3},
      {"swap", {.swap = 1}, "$1\r\nb\r\n$1\r\na\r\n", &fault_tally::swaps, 1},
      {"stall", {.stall = 1, .stall_for = 20ms}, "$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n+PONG\r\n", &fault_tally::stalls, 3},
  };
  for (const auto& [name, faults, comes, counted, times] : rules) {
    const auto before = proxy_.did().*counted;
    proxy_.set(faults);
    const auto got = ask(std::string{echo_all} + std::string{ping}, name == "swap" ? "a\r\n" : "PONG\r\n");
    EXPECT_TRUE(got.starts_with(comes)) << name << ": " << got;
    EXPECT_GE(proxy_.did().*counted, before + times) << name;
  }
}

TEST_F(fault_proxies, change_bytes) {
  proxy_.set({.flip = 1});
  auto line = connect();
  line.send(echo_all);
  const auto got = line.receive(21);
  EXPECT_EQ(got.size(), 21u);
  EXPECT_NE(got, "$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n");

  proxy_.set({.garbage = 1});
  const auto longer = ask(std::string{echo_all} + std::string{ping}, "PONG\r\n");
  EXPECT_TRUE(longer.contains("$1\r\na\r\n") && longer.contains("$1\r\nc\r\n")) << longer;
  EXPECT_GT(longer.size(), 21u + 7u);
}

TEST_F(fault_proxies, cut_connections) {
  proxy_.set({.cut = 1});
  for (int i = 0; i < 20; ++i) EXPECT_LE(ask(echo_all, "never").size(), 7u);
  EXPECT_EQ(proxy_.did().cuts, 20u);

  proxy_.set({});
  auto line = connect();
  line.send(ping);
  EXPECT_EQ(line.receive_until("PONG\r\n"), "+PONG\r\n");
  proxy_.cut_all();
  EXPECT_EQ(line.receive_some(), "");
  EXPECT_TRUE(line.was_reset());
}

TEST_F(fault_proxies, carry_nothing_while_they_are_deaf) {
  auto line = connect();
  proxy_.set({.deaf = true});
  auto fresh = connect();
  line.send(ping);
  fresh.send(ping);
  EXPECT_TRUE(line.is_silent_for(30ms));
  EXPECT_TRUE(fresh.is_silent_for(30ms));
  proxy_.set({});
  EXPECT_EQ(line.receive_until("PONG\r\n"), "+PONG\r\n");
  EXPECT_EQ(fresh.receive_until("PONG\r\n"), "+PONG\r\n");
}

TEST_F(fault_proxies, answer_in_the_place_of_the_server) {
  proxy_.set({.answers = {{"GET", "-LOADING Redis is loading the dataset in memory"}}});
  EXPECT_EQ(ask("*2\r\n$4\r\nECHO\r\n$1\r\na\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n*1\r\n$4\r\nPING\r\n", "PONG\r\n"),
            "$1\r\na\r\n-LOADING Redis is loading the dataset in memory\r\n+PONG\r\n");
  proxy_.set({.answers = {{"*", "-BUSY wait"}}});
  EXPECT_EQ(ask(ping, "\r\n"), "-BUSY wait\r\n");
  proxy_.set({.at_connect = "-ERR max number of clients reached"});
  auto refused = connect();
  EXPECT_EQ(refused.receive_all(), "-ERR max number of clients reached\r\n");
  EXPECT_FALSE(refused.was_reset());
}

/// The server must not be left in a transaction that its client believes to be over.
TEST_F(fault_proxies, keep_transactions_whole_where_they_answer_in_them) {
  constexpr std::string_view transaction =
      "*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n*1\r\n$4\r\nEXEC\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n"
      "*1\r\n$4\r\nPING\r\n";
  proxy_.set({.answers = {{"EXEC", "-OOM full"}}});
  EXPECT_EQ(ask(transaction, "PONG\r\n"), "+OK\r\n+QUEUED\r\n-OOM full\r\n$-1\r\n+PONG\r\n");
  proxy_.set({.answers = {{"SET", "-OOM full"}}});
  EXPECT_EQ(ask(transaction, "PONG\r\n"),
            "+OK\r\n-OOM full\r\n-EXECABORT Transaction discarded because of previous errors.\r\n$-1\r\n+PONG\r\n");
  proxy_.set({});
  EXPECT_EQ(ask(transaction, "PONG\r\n"), "+OK\r\n+QUEUED\r\n*1\r\n+OK\r\n$1\r\nv\r\n+PONG\r\n");
}

TEST(fates, are_those_of_their_seed_and_as_frequent_as_was_said) {
  const wire_faults faults{.delay = 0.5, .split = 0.25, .drop = 0.1, .swap = 0.2};
  std::mt19937_64 one{3};
  std::mt19937_64 same{3};
  std::map<deed, int> met;
  int late = 0;
  for (int i = 0; i < 10'000; ++i) {
    const auto drawn = draw_fate(faults, one);
    const auto again = draw_fate(faults, same);
    EXPECT_TRUE(drawn.what == again.what && drawn.delay == again.delay && drawn.split == again.split);
    EXPECT_LE(drawn.delay, faults.delay_up_to);
    ++met[drawn.what];
    late += drawn.delay > 0us ? 1 : 0;
  }
  EXPECT_NEAR(met[deed::drop], 1000, 150);
  EXPECT_NEAR(met[deed::swap], 2000, 200);
  EXPECT_EQ(met[deed::none], 10'000 - met[deed::drop] - met[deed::swap]);
  EXPECT_NEAR(late, 5000, 300);
}

}  // namespace
}  // namespace refrain::tests
