// On a real server, which is ended and started again.

#include "store/fallback_store.h"

#include <gtest/gtest.h>

#include "store/registry.h"
#include "support/net/run_to_end.h"
#include "support/redis/client.h"
#include "support/redis/cluster.h"
#include "support/store/fixtures.h"

namespace refrain::store {
namespace {

using redis::testing::cluster;

class fallbacks : public testing::Test {
 protected:
  /// As the registry makes it: memory over a server over a file. The memory is too small for any entry.
  std::unique_ptr<entry::store> open() {
    store_options options{.url = server_.url(), .memory_bytes = {1}, .fallback = folder_.file("cache.db")};
    auto all = open_store(std::move(options));
    return all ? *std::move(all) : nullptr;
  }
  static bool becomes(const entry::store& all, entry::store_health wanted) {
    return cluster::comes_true([&] { return all.status().tiers[1].health == wanted; });
  }
  static std::string get(entry::store& from, const sample& one) {
    return body_of(net::run_to_end(from.get(one.id())).value_or(nullptr));
  }

  redis::testing::server server_;
  scratch_folder folder_;
  const sample first_{.n = 1, .stored_at = base::system_clock().seconds()};
  const sample second_{.n = 2, .stored_at = base::system_clock().seconds()};
};

TEST_F(fallbacks, serve_while_the_shared_store_is_away) {
  const auto all = open();
  ASSERT_TRUE(all && becomes(*all, entry::store_health::ready));
  ASSERT_EQ(all->status().tiers.size(), 3u);
  all->put(first_.make());
  all->flush();
  server_.stop();
  ASSERT_TRUE(becomes(*all, entry::store_health::down));
  EXPECT_EQ(get(*all, first_), first_.text());
  all->put(second_.make());
  all->flush();
  EXPECT_EQ(get(*all, second_), second_.text());
  EXPECT_EQ(all->status().health, entry::store_health::degraded);
  EXPECT_EQ(net::run_to_end(all->catalogue().list({}, "", 10))->entries.size(), 2u);

  // It is back, empty: what was put in the outage is not brought there.
  server_.start();
  ASSERT_TRUE(becomes(*all, entry::store_health::ready));
  EXPECT_TRUE(cluster::comes_true([&] { return get(*all, second_) == "(none)"; }));
}

TEST_F(fallbacks, keep_to_what_was_purged_in_the_other_store) {
  auto all = open();
  ASSERT_TRUE(all && becomes(*all, entry::store_health::ready));
  all->put(first_.make());
  all->flush();
  // Another gateway, which has no file of ours, purges; then the server goes, and we start again without it.
  {
    const auto other = open_store({.url = server_.url()});
    ASSERT_TRUE(other.has_value());
    ASSERT_TRUE(net::run_to_end((*other)->catalogue().purge({.tag = "odd"})).has_value());
  }
  ASSERT_TRUE(cluster::comes_true([&] { return get(*all, first_) == "(none)"; }));
  all->flush();
  all = nullptr;
  server_.stop();
  all = open();
  ASSERT_TRUE(all != nullptr);
  EXPECT_EQ(get(*all, first_), "(none)");
}

TEST_F(fallbacks, add_up_the_counters_of_both) {
  const auto all = open();
  ASSERT_TRUE(all && becomes(*all, entry::store_health::ready));
  const auto today = std::int64_t{20'000};
  all->counters().add({{.day = today, .name = "hits", .amount = 2}});
  all->flush();
  server_.pause();
  ASSERT_EQ(get(*all, first_), "(none)");
  ASSERT_TRUE(becomes(*all, entry::store_health::down));
  all->counters().add({{.day = today, .name = "hits", .amount = 3}, {.day = today, .name = "misses", .amount = 1}});
  all->flush();
  server_.resume();
  ASSERT_TRUE(becomes(*all, entry::store_health::ready));
  const auto sums = net::run_to_end(all->counters().since(today));
  ASSERT_TRUE(sums.has_value());
  ASSERT_EQ(sums->size(), 2u);
  EXPECT_EQ(sums->front().amount, 5);
}

}  // namespace
}  // namespace refrain::store
