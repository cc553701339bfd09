// Redis fails in every way that it has, and no client sees it (docs/reliability.md, Redis: fault, behaviour).
#include <chrono>

#include "support/redis_gateway.h"

namespace refrain::tests {
namespace {

using namespace std::chrono_literals;
using entry::store_health;
using redis::commands;

class redis_faults : public redis_gateway_test {
 protected:
  /// Under a fault that stands: answers are right, the store knows, and waiting for it is soon over.
  void expect_unseen(int prompts = 20) {
    EXPECT_EQ(outcome(0), "MISS");
    EXPECT_TRUE(goes_away());
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(hits_among(100, prompts), 0);
    // Were the store waited for, each would take the second that the deadline allows.
    EXPECT_LT(std::chrono::steady_clock::now() - began, prompts * 500ms);
    EXPECT_FALSE(status().detail.empty());
  }
  void expect_over() {
    EXPECT_TRUE(comes_back()) << status().detail;
    EXPECT_TRUE(hits_come());
    expect_few_lines();
  }
};

TEST_F(redis_faults, none_hits) {
  open();
  EXPECT_EQ(outcome(0), "MISS");
  EXPECT_TRUE(hits_come());
  EXPECT_EQ(at_work_->calls(), 1u);
  EXPECT_EQ(status().health, store_health::ready);
  expect_few_lines();
}

TEST_F(redis_faults, that_is_known_is_not_called_stored) {
  // Of a list the head leaves behind the whole answer: what it says of storing is sure.
  int n = 0;
  const auto says_stored = [this, &n] {
    const auto body = R"({"model":"text-embedding-3-small","input":["text )" + std::to_string(++n) + R"("]})";
    const auto got = at_work_->client().post("/v1/embeddings", body);
    EXPECT_EQ(got.status, 200) << got.body;
    EXPECT_EQ(got.outcome(), "MISS");
    return got.header("cache-status").contains("; stored");
  };
  open();
  ASSERT_TRUE(comes_back());
  EXPECT_TRUE(says_stored());
  // One that refuses every write.
  (void)ask({"CONFIG", "SET", "min-replicas-to-write", "1"});
  EXPECT_TRUE(gateway::eventually([&] { return !says_stored(); }));
  EXPECT_EQ(status().health, store_health::degraded);
  (void)ask({"CONFIG", "SET", "min-replicas-to-write", "0"});
  EXPECT_TRUE(gateway::eventually([&] {
    at_work_->clock().advance(1s);
    return says_stored();
  }));
  // One that is away.
  server_.stop();
  EXPECT_TRUE(goes_away());
  EXPECT_FALSE(says_stored());
}

TEST_F(redis_faults, down_at_start) {
  server_.stop();
  open(server_.url());
  expect_unseen();
  server_.start();
  expect_over();
}

TEST_F(redis_faults, dies) {
  open();
  EXPECT_TRUE(hits_come());
  server_.stop();
  expect_unseen();
  EXPECT_GT(status().writes_dropped, 0u);
  server_.start();
  expect_over();
}

TEST_F(redis_faults, slow) {
  open();
  EXPECT_TRUE(hits_come());
  proxy_.set({.stall = 1, .stall_for = 3s});
  EXPECT_EQ(hits_among(0, 5), 0);
  EXPECT_GT(proxy_.did().stalls, 0u);
  proxy_.set({});
  expect_over();
}

TEST_F(redis_faults, paused) {
  open();
  EXPECT_TRUE(hits_come());
  server_.pause();
  expect_unseen();
  server_.resume();
  expect_over();
}

TEST_F(redis_faults, black_hole) {
  open();
  EXPECT_TRUE(hits_come());
  proxy_.set({.deaf = true});
  expect_unseen();
  proxy_.set({});
  expect_over();
}

TEST_F(redis_faults, writes_of_an_outage_are_not_replayed) {
  open();
  EXPECT_TRUE(hits_come());
  server_.stop();
  EXPECT_TRUE(goes_away());
  EXPECT_EQ(hits_among(100, 10), 0);
  EXPECT_GE(status().writes_dropped, 10u);
  server_.start();
  EXPECT_TRUE(comes_back());
  at_work_->store().flush();
  EXPECT_EQ(ask({"DBSIZE"}).integer, 0);
  EXPECT_TRUE(hits_come(100));
}

/// What it can read is served, and what it cannot write is dropped; a while later it is tried again.
TEST_F(redis_faults, out_of_memory) {
  open();
  EXPECT_TRUE(hits_come());
  (void)ask({"CONFIG", "SET", "maxmemory", "1"});
  for (int turn = 0; turn < 3; ++turn) EXPECT_EQ(hits_among(100, 10), 0);
  EXPECT_TRUE(gateway::eventually([&] { return status().writes_dropped > 0; }));
  EXPECT_EQ(outcome(0), "HIT");
  EXPECT_EQ(status().health, store_health::degraded);
  EXPECT_TRUE(status().detail.contains("maxmemory")) << status().detail;
  (void)ask({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_EQ(ask({"DBSIZE"}).integer, 1) << "nothing is flushed for the user";
  at_work_->clock().advance(31s);
  EXPECT_TRUE(hits_come(200));
  expect_few_lines();
}

struct out_of_service {
  std::string_view name;
  std::string answer;
};

class redis_out_of_service : public redis_faults, public testing::WithParamInterface<out_of_service> {};

TEST_P(redis_out_of_service, is_away_until_it_is_over) {
  open();
  EXPECT_TRUE(hits_come());
  proxy_.set({.answers = {{"*", GetParam().answer}}});
  for (int turn = 0; turn < 5; ++turn) EXPECT_EQ(hits_among(0, 5), 0);
  EXPECT_TRUE(goes_away());
  EXPECT_FALSE(status().detail.empty());
  proxy_.set({});
  expect_over();
}

INSTANTIATE_TEST_SUITE_P(each, redis_out_of_service,
                         testing::Values(out_of_service{"loading", "-LOADING Redis is loading the dataset in memory"},
                                         out_of_service{"busy", "-BUSY Redis is busy running a script."},
                                         out_of_service{"masterdown", "-MASTERDOWN Link with MASTER is down"},
                                         out_of_service{"clusterdown", "-CLUSTERDOWN Hash slot not served"}),
                         [](const auto& one) { return std::string(one.param.name); });

TEST_F(redis_faults, replica_that_lost_its_primary) {
  open();
  EXPECT_TRUE(hits_come());
  (void)ask({"CONFIG", "SET", "replica-serve-stale-data", "no"});
  (void)ask({"REPLICAOF", "127.0.0.1", "1"});
  for (int turn = 0; turn < 5; ++turn) EXPECT_EQ(hits_among(0, 5), 0);
  EXPECT_TRUE(goes_away());
  (void)ask({"REPLICAOF", "NO", "ONE"});
  at_work_->clock().advance(31s);
  expect_over();
}

TEST_F(redis_faults, replica_takes_no_writes_and_answers_reads) {
  open();
  EXPECT_TRUE(hits_come());
  (void)ask({"REPLICAOF", "127.0.0.1", "1"});
  EXPECT_EQ(hits_among(100, 20), 0);
  EXPECT_EQ(hits_among(100, 20), 0);
  EXPECT_TRUE(gateway::eventually([&] { return status().writes_dropped > 0; }));
  EXPECT_EQ(outcome(0), "HIT");
  EXPECT_EQ(status().health, store_health::degraded);
  EXPECT_TRUE(status().detail.contains("replica")) << status().detail;
  (void)ask({"REPLICAOF", "NO", "ONE"});
  at_work_->clock().advance(31s);
  expect_over();
}

TEST_F(redis_faults, cannot_save_and_takes_no_writes) {
  open();
  EXPECT_TRUE(hits_come());
  proxy_.set({.answers = {{"HSET", "-MISCONF Redis is configured to save RDB snapshots, but it cannot."}}});
  EXPECT_EQ(hits_among(100, 20), 0);
  EXPECT_EQ(hits_among(100, 20), 0);
  EXPECT_EQ(outcome(0), "HIT");
  EXPECT_TRUE(gateway::eventually([&] { return status().writes_dropped >= 40; }));
  EXPECT_LE(proxy_.did().answers, 5u) << "while writes wait, none is tried";
  proxy_.set({});
  at_work_->clock().advance(31s);
  EXPECT_TRUE(hits_come(200));
  expect_few_lines();
}

TEST_F(redis_faults, garbage_and_shifted_replies) {
  open();
  EXPECT_TRUE(hits_come());
  proxy_.set({.duplicate = 0.05, .drop = 0.03, .swap = 0.05, .garbage = 0.05, .cut = 0.05});
  while (proxy_.did().harm() < 10) (void)hits_among(0, 20);
  proxy_.set({});
  EXPECT_TRUE(comes_back());
  EXPECT_TRUE(hits_come());
  expect_few_lines();
}

TEST_F(redis_faults, more_clients_than_it_takes) {
  proxy_.set({.at_connect = "-ERR max number of clients reached"});
  open();
  expect_unseen();
  EXPECT_TRUE(status().detail.contains("maxclients")) << status().detail;
  proxy_.set({});
  expect_over();
}

TEST_F(redis_faults, large_values_come_whole_however_the_network_cuts_them) {
  open();
  proxy_.set({.delay = 0.5, .split = 1, .split_up_to = 4000});
  for (int n = 0; n < 5; ++n) EXPECT_EQ(outcome(n, {{"x-mock-bytes", "2000000"}}), "MISS");
  at_work_->store().flush();
  EXPECT_TRUE(hits_come());
  EXPECT_GE(hits_among(0, 5), 4);
  EXPECT_GT(proxy_.did().splits, 5u);
  EXPECT_EQ(status().mismatches, 0u);
}

TEST_F(redis_faults, foreign_value_under_our_key) {
  open();
  EXPECT_TRUE(hits_come());
  const auto key = ask({"RANDOMKEY"}).text;
  (void)ask({"SET", key, "of somebody else"});
  EXPECT_EQ(outcome(0), "MISS");
  EXPECT_EQ(status().health, store_health::ready);
  at_work_->store().flush();
  EXPECT_EQ(ask({"GET", key}).text, "of somebody else");
}

}  // namespace
}  // namespace refrain::tests
