// Servers of a Cluster and behind Sentinels die, change places and hand slots over while clients keep asking: none of
// them notices more than a miss.
#include <gtest/gtest.h>

#include <random>

#include "soak/under_load.h"
#include "support/redis/cluster.h"
#include "support/redis/sentinels.h"

namespace refrain::tests {
namespace {

using redis::testing::cli;
using redis::testing::cluster;
using redis::testing::sentinels;

class failovers : public under_load {
 protected:
  std::mt19937_64 random_{seed_};
};

TEST_F(failovers, of_cluster_primaries_go_unnoticed) {
  const cluster all;
  ASSERT_TRUE(becomes_true([&] { return all.is_whole(); }));
  begin(all.url());
  for (int kill = 0; kill < (is_long_soak() ? 20 : 2); ++kill) {
    auto& primary = all.owner_of(static_cast<unsigned>(random_() % 16384));
    primary.stop();
    ASSERT_TRUE(all_are_hits()) << "kill " << kill << ", seed " << seed_;
    primary.start();
    ASSERT_TRUE(becomes_true([&] { return all.is_whole(); })) << "kill " << kill;
    ASSERT_TRUE(all_are_hits()) << "back after kill " << kill << ", seed " << seed_;
  }
  expect_unnoticed();
}

TEST_F(failovers, that_sentinels_see_to_go_unnoticed) {
  sentinels all;
  ASSERT_TRUE(becomes_true([&] { return all.is_whole(); }));
  begin(all.url());
  const int wanted = is_long_soak() ? 20 : 1;
  for (int turn = 0; turn < wanted; ++turn) {
    auto& primary = all.primary();
    // One by death, then one by order, whose old primary stays and is told to follow.
    const bool by_order = turn % 2 == 1;
    if (!by_order) primary.stop();
    ASSERT_TRUE(becomes_true([&] {
      if (&all.primary() != &primary) return true;
      // A Sentinel may give one up that it has begun: it is told again.
      if (by_order) (void)cli(*all.watchers().front(), "SENTINEL FAILOVER main");
      return false;
    })) << "failover "
        << turn;
    ASSERT_TRUE(all_are_hits()) << "failover " << turn << ", seed " << seed_;
    if (turn + 1 == wanted) break;
    // It comes back as a primary, and is told better after a while.
    if (!by_order) primary.start();
    ASSERT_TRUE(becomes_true([&] { return all.is_whole(); })) << "failover " << turn;
    ASSERT_TRUE(all_are_hits()) << "back after failover " << turn << ", seed " << seed_;
  }
  expect_unnoticed();
}

/// How many keys a server has.
int keys_of(const redis::testing::server& at) { return std::stoi(cli(at, "DBSIZE")); }

TEST_F(failovers, none_but_slots_with_keys_that_move_go_unnoticed) {
  const cluster all{3, false};
  begin(all.url());
  const auto& from = all.owner_of(0);
  const auto& to = all.owner_of(16383);
  const auto before = crowd_->so_far();
  const int had = keys_of(to);
  (void)redis::testing::run_and_read("redis-cli --cluster reshard 127.0.0.1:" + std::to_string(from.port()) +
                                     " --cluster-from " + cluster::id_of(from) + " --cluster-to " + cluster::id_of(to) +
                                     " --cluster-slots " + (is_long_soak() ? "5000" : "2500") + " --cluster-yes");
  const auto after = crowd_->so_far();
  EXPECT_GT(keys_of(to), had);
  // Those that ask for a new answer are no hits at any time.
  EXPECT_GT((after.hits - before.hits) * 10, (after.answered - before.answered) * 8)
      << before.story() << "; " << after.story();
  EXPECT_TRUE(all_are_hits());
  expect_unnoticed();
}

}  // namespace
}  // namespace refrain::tests
