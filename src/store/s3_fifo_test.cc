#include "store/s3_fifo.h"

#include <gtest/gtest.h>

#include <set>

#include "support/store/fixtures.h"

namespace refrain::store {
namespace {

/// Room for a hundred entries of one size.
class a_queue_for_a_hundred : public testing::Test {
 protected:
  static entry::entry_ptr one(int n) { return sample{.n = n, .body = std::string(1000, 'x')}.make(); }
  static std::uint64_t unit() {
    static const std::uint64_t cost = s3_fifo::cost_of(*one(1000));
    return cost;
  }

  void insert(int n, std::uint64_t cost = unit()) {
    evicted left;
    auto fresh = std::make_unique<resident>();
    fresh->what = one(n);
    fresh->cost = cost;
    queue_.insert(std::move(fresh), left);
  }
  [[nodiscard]] bool holds(int n) const { return queue_.find(sample{.n = n}.id().digest) != nullptr; }
  bool use(int n) {
    resident* const found = queue_.find(sample{.n = n}.id().digest);
    if (found != nullptr) s3_fifo::used(*found);
    return found != nullptr;
  }

  s3_fifo queue_{100 * unit()};
};

TEST_F(a_queue_for_a_hundred, never_exceeds_its_capacity) {
  for (int n = 0; n < 1000; ++n) {
    insert(n);
    ASSERT_LE(queue_.bytes(), 100 * unit());
  }
  EXPECT_EQ(queue_.entries(), 100u);
  EXPECT_EQ(queue_.evictions(), 900u);
}

TEST_F(a_queue_for_a_hundred, counts_bytes_exactly) {
  insert(1);
  insert(2, 2 * unit());
  insert(1, 3 * unit());
  EXPECT_EQ(queue_.bytes(), 5 * unit());
  evicted left;
  queue_.remove(*queue_.find(sample{.n = 1}.id().digest), left);
  queue_.remove(*queue_.find(sample{.n = 2}.id().digest), left);
  EXPECT_EQ(queue_.bytes(), 0u);
  EXPECT_EQ(queue_.entries(), 0u);
}

TEST_F(a_queue_for_a_hundred, a_scan_does_not_push_out_what_is_used) {
  for (int n = 0; n < 80; ++n) {
    insert(n);
    use(n);
  }
  for (int n = 1000; n < 3000; ++n) insert(n);
  int kept = 0;
  for (int n = 0; n < 80; ++n) kept += holds(n);
  EXPECT_EQ(kept, 80);
}

TEST_F(a_queue_for_a_hundred, one_hit_wonders_leave_first) {
  for (int n = 0; n < 50; ++n) insert(n);
  for (int n = 50; n < 100; ++n) {
    insert(n);
    use(n);
  }
  for (int n = 100; n < 150; ++n) insert(n);
  for (int n = 0; n < 50; ++n) EXPECT_FALSE(holds(n)) << n;
  for (int n = 50; n < 100; ++n) EXPECT_TRUE(holds(n)) << n;
}

TEST_F(a_queue_for_a_hundred, who_comes_back_soon_stays) {
  for (int n = 0; n < 101; ++n) insert(n);
  ASSERT_FALSE(holds(0));
  insert(0);
  EXPECT_TRUE(queue_.find(sample{.n = 0}.id().digest)->in_main);
  for (int n = 1000; n < 1500; ++n) insert(n);
  EXPECT_TRUE(holds(0));
}

TEST_F(a_queue_for_a_hundred, what_exceeds_the_small_queue_goes_straight_to_main) {
  insert(1, 11 * unit());
  insert(2, 9 * unit());
  EXPECT_TRUE(queue_.find(sample{.n = 1}.id().digest)->in_main);
  EXPECT_FALSE(queue_.find(sample{.n = 2}.id().digest)->in_main);
  EXPECT_TRUE(queue_.takes(25 * unit()));
  EXPECT_FALSE(queue_.takes(25 * unit() + 1));
}

TEST_F(a_queue_for_a_hundred, main_forgets_what_is_no_longer_used) {
  for (int n = 0; n < 90; ++n) {
    insert(n);
    use(n);
  }
  for (int round = 0; round < 6; ++round) {
    for (int n = 200; n < 290; ++n) {
      insert(n);
      use(n);
    }
  }
  int old = 0;
  for (int n = 0; n < 90; ++n) old += holds(n);
  EXPECT_LT(old, 15);
}

TEST_F(a_queue_for_a_hundred, a_sweep_goes_round_through_all) {
  for (int n = 0; n < 30; ++n) {
    insert(n);
    if (n % 2 == 0) use(n);
  }
  for (int n = 200; n < 290; ++n) insert(n);  // moves some to main
  evicted left;
  std::set<const resident*> seen;
  const auto total = static_cast<unsigned>(queue_.entries());
  // A round costs one step more for each turn from one queue to the other.
  queue_.sweep(total + 2, [&seen](const resident& one) { return seen.insert(&one), false; }, left);
  EXPECT_EQ(seen.size(), total);
  queue_.sweep(2 * total, [](const resident&) { return true; }, left);
  EXPECT_EQ(queue_.entries(), 0u);
}

TEST(s3_fifo, the_overhead_it_charges_covers_what_it_allocates) {
  constexpr std::size_t control_block = 16;
  constexpr std::size_t allocator_rounding = 16;
  constexpr std::size_t table_slot = 20;  // a pointer and its tag at the lowest load
  constexpr std::size_t remembered = 8 + 20;
  EXPECT_LE(sizeof(resident) + control_block + allocator_rounding + table_slot + remembered, s3_fifo::overhead);
  EXPECT_LE(s3_fifo::overhead, 200u);
}

TEST_F(a_queue_for_a_hundred, a_walk_in_steps_sees_all_that_stay_whatever_happens_between_them) {
  for (int n = 0; n < 80; ++n) insert(n);
  for (int n = 0; n < 80; n += 2) use(n);
  s3_fifo::walk way;
  queue_.begin(way);
  std::set<base::digest256> seen;
  evicted left;
  int next = 80;
  const auto note = [&](const resident& one) {
    seen.insert(one.digest());
    return false;
  };
  while (queue_.step(way, 3, note, left)) {
    // It pushes others out, and moves those that were used.
    if (next < 110) insert(next++);
    if (resident* const one = queue_.find(sample{.n = next - 60}.id().digest)) queue_.remove(*one, left);
  }
  for (int n = 0; n < 80; ++n) {
    if (holds(n)) EXPECT_TRUE(seen.contains(sample{.n = n}.id().digest)) << n;
  }
  const auto all = [](const resident&) { return true; };
  queue_.begin(way);
  while (queue_.step(way, 7, all, left)) {
  }
  EXPECT_EQ(queue_.entries(), 0U);
}

TEST_F(a_queue_for_a_hundred, a_newcomer_where_all_are_in_use_goes_through_few) {
  s3_fifo large{1000 * unit()};
  const auto put = [&](int n) {
    evicted left;
    auto fresh = std::make_unique<resident>();
    fresh->what = one(n);
    fresh->cost = unit();
    large.insert(std::move(fresh), left);
  };
  const auto uses = [&] {
    std::uint64_t sum = 0;
    for (int n = 0; n < 1100; ++n) {
      if (const auto* const found = large.find(sample{.n = n}.id().digest)) sum += found->uses;
    }
    return sum;
  };
  for (int n = 0; n < 1000; ++n) {
    put(n);
    for (int i = 0; i < 3; ++i) s3_fifo::used(*large.find(sample{.n = n}.id().digest));
  }
  const auto before = uses();
  put(1000);
  EXPECT_LE(before - uses(), 3 * 129U + 3U);
  EXPECT_LE(large.bytes(), 1000 * unit());
}

}  // namespace
}  // namespace refrain::store
