#include "store/memory_store.h"

#include <gtest/gtest.h>

#include "store/s3_fifo.h"
#include "support/base/manual_clock.h"
#include "support/net/run_to_end.h"
#include "support/store/fixtures.h"

namespace refrain::store {
namespace {

using namespace std::chrono_literals;

class memory : public testing::Test {
 protected:
  memory() { options_.clock = &clock_; }

  base::manual_clock clock_;
  store_options options_{.memory_bytes = {1 << 20}, .entry_cap = {64 << 10}};
};

TEST_F(memory, accounts_for_each_entry_exactly) {
  memory_store store(options_);
  std::uint64_t expected = 0;
  for (int n = 0; n < 20; ++n) {
    const auto one = sample{.n = n, .body = std::string(static_cast<std::size_t>(100 * n + 1), 'x')}.make();
    expected += one->memory() + s3_fifo::overhead;
    store.put(one);
  }
  EXPECT_EQ(store.status().bytes, expected);
  EXPECT_EQ(store.status().entries, 20u);
  for (int n = 0; n < 20; ++n) EXPECT_TRUE(store.remove(sample{.n = n}.id().digest.hex()));
  EXPECT_EQ(store.status().bytes, 0u);
}

TEST_F(memory, a_slice_is_charged_with_the_run_that_it_keeps_alive) {
  const base::slice run{std::string(50'000, 'x')};
  entry::entry one{.about = sample{}.about(), .body = {run.part(0, 10), run.part(20, 10)}};
  EXPECT_GT(one.memory(), 50'000u);
  EXPECT_LT(one.memory(), 55'000u);
}

TEST_F(memory, an_entry_over_a_quarter_of_a_shard_stays_out) {
  options_.memory_bytes = {256 << 10};  // one shard
  memory_store store(options_);
  store.put(sample{.n = 1, .body = std::string(62 << 10, 'x')}.make());
  EXPECT_NE(store.peek(sample{.n = 1}.id()), nullptr);
  store.put(sample{.n = 2, .body = std::string(64 << 10, 'x')}.make());
  EXPECT_EQ(store.peek(sample{.n = 2}.id()), nullptr);
  EXPECT_EQ(store.status().writes_dropped, 1u);
}

TEST_F(memory, what_is_read_from_below_does_not_replace_what_is_newer) {
  memory_store store(options_);
  store.put(sample{.n = 1, .body = "new"}.make());
  store.keep(sample{.n = 1, .body = "old"}.make(), 0, nullptr);
  EXPECT_EQ(body_of(store.peek(sample{.n = 1}.id())), "new");
}

TEST_F(memory, the_expired_fall_on_touch) {
  memory_store store(options_);
  store.put(sample{.n = 1}.make());
  clock_.advance(600s + options_.keep_stale);
  EXPECT_EQ(store.status().entries, 1u);
  EXPECT_EQ(store.peek(sample{.n = 1}.id()), nullptr);
  EXPECT_EQ(store.status().entries, 0u);
}

TEST_F(memory, the_expired_fall_to_the_sweep_of_later_inserts) {
  options_.entry_cap = {1 << 20};  // one shard
  memory_store store(options_);
  for (int n = 0; n < 100; ++n) store.put(sample{.n = n}.make());
  clock_.advance(600s + options_.keep_stale);
  for (int n = 100; n < 140; ++n) store.put(sample{.n = n, .stored_at = clock_.seconds()}.make());
  EXPECT_EQ(store.status().entries, 40u);
}

TEST_F(memory, what_is_expired_already_is_not_taken) {
  memory_store store(options_);
  EXPECT_FALSE(store.put(sample{.n = 1, .stored_at = clock_.seconds() - 1h}.make()));
  EXPECT_EQ(store.status().entries, 0u);
}

TEST_F(memory, a_record_merged_from_elsewhere_kills_on_touch) {
  memory_store store(options_);
  store.put(sample{.n = 1}.make());
  EXPECT_NE(store.peek(sample{.n = 1}.id()), nullptr);
  options_.purges->merge({{.number = 7, .what = {.tag = "odd"}, .until = clock_.seconds() + 1h}});
  EXPECT_EQ(store.peek(sample{.n = 1}.id()), nullptr);
}

}  // namespace
}  // namespace refrain::store
