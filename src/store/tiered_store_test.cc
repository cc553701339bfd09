#include "store/tiered_store.h"

#include <gtest/gtest.h>

#include "store/sqlite_store.h"
#include "support/base/manual_clock.h"
#include "support/net/run_to_end.h"
#include "support/store/fixtures.h"

namespace refrain::store {
namespace {

std::shared_ptr<near_cache> near_over(const store_options& options) {
  return std::make_shared<near_cache>(std::make_unique<memory_store>(options));
}

/// A memory store below a memory store, and a way to look at the lower one alone.
class tiers : public testing::Test {
 protected:
  tiers() {
    options_.clock = &clock_;
    options_.memory_bytes = {256 << 10};
    copies_ = near_over(options_);
    options_.memory_bytes = {4 << 20};
    auto below = std::make_unique<memory_store>(options_);
    near_ = &copies_->memory();
    below_ = below.get();
    store_ = std::make_unique<tiered_store>(copies_, std::move(below));
  }
  entry::entry_ptr get(const sample& one) { return net::run_to_end(store_->get(one.id())).value_or(nullptr); }

  base::manual_clock clock_;
  store_options options_;
  memory_store* near_ = nullptr;
  memory_store* below_ = nullptr;
  std::shared_ptr<near_cache> copies_;
  std::unique_ptr<tiered_store> store_;
};

TEST_F(tiers, what_is_put_stands_in_both) {
  store_->put(sample{.n = 1}.make());
  EXPECT_NE(near_->peek(sample{.n = 1}.id()), nullptr);
  EXPECT_NE(below_->peek(sample{.n = 1}.id()), nullptr);
}

TEST_F(tiers, what_is_read_from_below_is_kept_near) {
  below_->put(sample{.n = 1}.make());
  EXPECT_EQ(store_->peek(sample{.n = 1}.id()), nullptr);
  EXPECT_EQ(body_of(get({.n = 1})), sample{.n = 1}.text());
  EXPECT_NE(store_->peek(sample{.n = 1}.id()), nullptr);
}

TEST_F(tiers, of_many_those_that_are_read_from_below_are_kept_near) {
  store_->put(sample{.n = 1}.make());
  below_->put(sample{.n = 2}.make());
  const auto found = net::run_to_end(store_->get_many({sample{.n = 1}.id(), sample{.n = 2}.id(), sample{.n = 3}.id()}));
  EXPECT_EQ(body_of(found[0]), sample{.n = 1}.text());
  EXPECT_EQ(body_of(found[1]), sample{.n = 2}.text());
  EXPECT_EQ(found[2], nullptr);
  EXPECT_NE(near_->peek(sample{.n = 2}.id()), nullptr);
}

TEST_F(tiers, of_many_those_that_may_have_changed_below_are_asked_for_again) {
  for (const int n : {1, 2}) store_->put(sample{.n = n, .body = "old"}.make());
  below_->put(sample{.n = 1, .body = "new"}.make());
  (void)below_->remove(sample{.n = 2}.id().digest.hex());
  copies_->all_changed();
  const auto found = net::run_to_end(store_->get_many({sample{.n = 1}.id(), sample{.n = 2}.id()}));
  EXPECT_EQ(body_of(found[0]), "new");
  EXPECT_EQ(found[1], nullptr);
  EXPECT_EQ(near_->status().entries, 1u);
}

TEST_F(tiers, what_may_have_changed_below_is_asked_for_again) {
  store_->put(sample{.n = 1, .body = "old"}.make());
  below_->put(sample{.n = 1, .body = "new"}.make());
  EXPECT_EQ(body_of(get({.n = 1})), "old");
  copies_->all_changed();
  EXPECT_EQ(store_->peek(sample{.n = 1}.id()), nullptr);
  EXPECT_EQ(body_of(get({.n = 1})), "new");
  EXPECT_EQ(body_of(store_->peek(sample{.n = 1}.id())), "new");

  (void)below_->remove(sample{.n = 1}.id().digest.hex());
  copies_->all_changed();
  EXPECT_EQ(get({.n = 1}), nullptr);
  EXPECT_EQ(near_->status().entries, 0u);
}

TEST_F(tiers, what_was_changed_by_others_is_read_anew) {
  for (const int n : {1, 2}) store_->put(sample{.n = n, .body = "old"}.make());
  below_->put(sample{.n = 1, .body = "new"}.make());
  EXPECT_TRUE(copies_->changed(entry::storage_name(sample{.n = 1}.id())));
  EXPECT_EQ(body_of(get({.n = 1})), "new");
  EXPECT_EQ(body_of(store_->peek(sample{.n = 2}.id())), "old");
}

TEST_F(tiers, a_read_that_overlaps_a_change_is_not_kept) {
  const sample one{.n = 1};
  const auto began = copies_->mark_of(one.id().digest);
  (void)copies_->changed(one.id().digest.hex());
  copies_->keep(one.make(), began, nullptr);
  EXPECT_EQ(near_->peek(one.id()), nullptr);
  const auto earlier = copies_->mark_of(one.id().digest);
  copies_->all_changed();
  copies_->keep(one.make(), earlier, nullptr);
  EXPECT_EQ(store_->peek(one.id()), nullptr);
}

TEST_F(tiers, what_is_too_large_for_near_is_read_from_below) {
  const sample large{.n = 1, .body = std::string(100 << 10, 'x')};
  store_->put(large.make());
  EXPECT_EQ(near_->peek(large.id()), nullptr);
  EXPECT_EQ(body_of(get(large)), large.body);
  EXPECT_EQ(near_->peek(large.id()), nullptr);
}

TEST_F(tiers, what_is_erased_is_gone_from_both) {
  store_->put(sample{.n = 1}.make());
  below_->put(sample{.n = 2}.make());
  near_->put(sample{.n = 3}.make());
  for (int n = 1; n <= 3; ++n) {
    EXPECT_TRUE(net::run_to_end(store_->catalogue().erase(sample{.n = n}.id().digest.hex())).value_or(false)) << n;
    EXPECT_EQ(get({.n = n}), nullptr) << n;
  }
}

TEST_F(tiers, a_purge_counts_each_entry_once) {
  for (int n = 0; n < 10; ++n) store_->put(sample{.n = n}.make());
  EXPECT_EQ(net::run_to_end(store_->catalogue().purge({.tag = "odd"}))->removed, 5u);
  EXPECT_EQ(near_->status().entries, 5u);
  EXPECT_EQ(below_->status().entries, 5u);
}

TEST_F(tiers, its_status_is_that_of_below_with_both_in_it) {
  below_->put(sample{.n = 1}.make());
  const auto status = store_->status();
  EXPECT_EQ(status.entries, 1u);
  ASSERT_EQ(status.tiers.size(), 2u);
  EXPECT_EQ(status.tiers[0].entries, 0u);
  EXPECT_EQ(status.tiers[1].entries, 1u);
}

TEST(tiers_over_a_file, what_is_used_near_is_not_evicted_below) {
  using namespace std::chrono_literals;
  const scratch_folder folder;
  base::manual_clock clock;
  store_options options{.max_bytes = {4 << 20}, .clock = &clock};
  auto opened = sqlite_store::open(folder.file("cache.db"), options);
  ASSERT_TRUE(opened.has_value()) << opened.error().context;
  auto& below = **opened;
  tiered_store both(near_over(options), std::move(*opened));
  const auto put = [&](int n) {
    both.put(sample{.n = n, .body = std::string(30'000, 'x'), .stored_at = clock.seconds(), .ttl = 1000h}.make());
    both.flush();
    clock.advance(10s);
  };
  for (int n = 0; n < 60; ++n) put(n);
  clock.advance(use_grain);
  for (int n = 0; n < 10; ++n) EXPECT_NE(both.peek(sample{.n = n}.id()), nullptr);
  for (int n = 60; n < 120; ++n) put(n);
  const auto is_below = [&](int n) {
    const auto found = net::run_to_end(below.get(sample{.n = n}.id()));
    return found && *found != nullptr;
  };
  EXPECT_TRUE(is_below(0));
  EXPECT_TRUE(is_below(9));
  EXPECT_FALSE(is_below(10));
  EXPECT_FALSE(is_below(30));
}

/// What one process has open: a memory tier over a file that others have open too, and a purge book of its own.
std::unique_ptr<tiered_store> open_process(const std::string& path, const base::clock& clock) {
  store_options options;
  options.clock = &clock;
  auto file = sqlite_store::open(path, options);
  if (!file) std::abort();
  return std::make_unique<tiered_store>(near_over(options), std::move(*file));
}

TEST(two_gateways_on_one_file, lose_an_entry_that_one_of_them_deletes) {
  const base::manual_clock clock;
  const scratch_folder folder;
  const auto one = open_process(folder.file("cache.db"), clock);
  const auto other = open_process(folder.file("cache.db"), clock);
  for (const int n : {1, 2}) {
    one->put(sample{.n = n}.make());
    one->flush();
    ASSERT_NE(net::run_to_end(other->get(sample{.n = n}.id())).value_or(nullptr), nullptr);
    ASSERT_NE(other->peek(sample{.n = n}.id()), nullptr);
  }
  ASSERT_TRUE(net::run_to_end(one->catalogue().erase(sample{.n = 1}.id().digest.hex())).value_or(false));
  other->flush();  // looks for what other processes have written
  EXPECT_EQ(other->peek(sample{.n = 1}.id()), nullptr);
  EXPECT_NE(other->peek(sample{.n = 2}.id()), nullptr);
}

TEST(two_gateways_on_one_file, keep_what_is_fetched_after_a_deletion) {
  const base::manual_clock clock;
  const scratch_folder folder;
  const auto one = open_process(folder.file("cache.db"), clock);
  const auto other = open_process(folder.file("cache.db"), clock);
  one->put(sample{.n = 1}.make());
  one->flush();
  ASSERT_TRUE(net::run_to_end(one->catalogue().erase(sample{.n = 1}.id().digest.hex())).value_or(false));
  one->put(sample{.n = 1, .purge_number = 1}.make());
  one->flush();
  other->flush();
  EXPECT_NE(net::run_to_end(other->get(sample{.n = 1}.id())).value_or(nullptr), nullptr);
}

}  // namespace
}  // namespace refrain::store
