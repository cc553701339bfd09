// Invariant 1: over connections that lose, repeat, swap and change replies, a store hands out an entry or a miss, never
// another's entry.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <random>

#include "soak/soak_size.h"
#include "store/redis_store.h"
#include "support/base/manual_clock.h"
#include "support/fault_proxy.h"
#include "support/net/loop.h"
#include "support/net/run_to_end.h"
#include "support/redis/client.h"
#include "support/store/fixtures.h"

namespace refrain::tests {
namespace {

using namespace std::chrono_literals;
using store::body_of;
using store::redis_store;
using store::sample;
using store::store_options;

constexpr int small_ones = 100;
constexpr int large_ones = 6;  ///< of one length, in two pieces
constexpr int all_of_them = small_ones + large_ones;
constexpr unsigned stores = 6;
constexpr unsigned callers = 48;

/// What no compression shortens, and only number `n` has.
std::string noise(int n) {
  std::mt19937_64 random{static_cast<std::uint64_t>(n)};
  std::string bytes(300'000, '\0');
  for (auto& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

const sample& kept(int n) {
  static const std::vector<sample> all = [] {
    std::vector<sample> made;
    for (int i = 0; i < all_of_them; ++i) {
      made.push_back({.n = i, .body = i < small_ones ? "" : noise(i)});
    }
    return made;
  }();
  return all[static_cast<std::size_t>(n)];
}

class shifted_replies : public testing::Test {
 protected:
  ~shifted_replies() override {
    for (auto& one : loops_) one.stop();
    stores_.clear();
  }

  void open(std::string secret) {
    for (unsigned i = 0; i < stores; ++i) {
      auto there = redis::testing::to(proxy_.port(), redis::reply_timeout{500ms});
      there.node.readers = {&loops_[0].loop(), &loops_[1].loop()};
      store_options options{.sealer = {base::secret{secret}, {}}, .clock = &clock_};
      stores_.push_back(std::make_unique<redis_store>(std::move(there), proxy_.url(), std::move(options)));
      EXPECT_TRUE(stores_.back()->await(5s).has_value());
    }
    for (int n = 0; n < all_of_them; ++n) {
      stores_.front()->put(kept(n).make());
      stores_.front()->flush();
    }
  }

  /// Reads until the proxy has done so much harm, or a stranger's entry has come.
  void read_under(wire_faults faults, std::uint64_t harm) {
    proxy_.set(std::move(faults));
    std::vector<std::future<bool>> all;
    for (unsigned i = 0; i < callers; ++i) all.push_back(loops_[i % 2].start(keep_reading(this, i, harm)));
    for (auto& one : all) EXPECT_TRUE(one.get());
    proxy_.set({});
  }
  static net::task<bool> keep_reading(shifted_replies* self, unsigned caller, std::uint64_t harm) {
    std::mt19937_64 random{self->seed_ + caller};
    auto& from = *self->stores_[caller / 2 % stores];
    while (self->strange_ == 0 && self->proxy_.did().harm() < harm) {
      const auto& wanted = kept(static_cast<int>(random() % all_of_them));
      if (random() % 100 == 0) from.put(wanted.make());
      const auto got = co_await from.get(wanted.id());
      if (!got || *got == nullptr) {
        ++self->misses_;
        co_await net::sleep_for(2ms);
        continue;
      }
      ++self->hits_;
      if (body_of(*got) != wanted.text()) ++self->strange_;
    }
    co_return true;
  }

  /// Whether each store soon hands out everything again.
  bool is_well_again() {
    const auto end = std::chrono::steady_clock::now() + 20s;
    for (auto& one : stores_) {
      for (int n = 0; n < all_of_them; ++n) {
        while (true) {
          const auto got = loops_[n % 2].run(one->get(kept(n).id()));
          if (got && body_of(*got) == kept(n).text()) break;
          if (std::chrono::steady_clock::now() > end) return false;
          loops_[0].run(pause());
        }
      }
    }
    return true;
  }
  static net::task<bool> pause() {
    co_await net::sleep_for(5ms);
    co_return true;
  }
  std::uint64_t mismatches() const {
    std::uint64_t sum = 0;
    for (const auto& one : stores_) sum += one->status().mismatches;
    return sum;
  }
  std::string story() const {
    const auto did = proxy_.did();
    return fmt::format(
        "seed {}: {} hits, {} misses, {} mismatches, {} strangers; {} duplicates, {} drops, {} swaps, "
        "{} garbage, {} flips, {} cuts",
        seed_, hits_.load(), misses_.load(), mismatches(), strange_.load(), did.duplicates, did.drops, did.swaps,
        did.garbage, did.flips, did.cuts);
  }
  void expect_no_strangers() {
    RecordProperty("story", story());
    EXPECT_EQ(strange_, 0u) << story();
    EXPECT_GT(hits_, 100u) << story();
    EXPECT_GT(mismatches(), 0u) << story();
    EXPECT_TRUE(is_well_again()) << story();
  }

  const std::uint64_t seed_ = soak_seed(20261124);
  const std::uint64_t harm_ = is_long_soak() ? 500 : 40;
  base::manual_clock clock_;
  const redis::testing::server redis_;
  fault_proxy proxy_{redis_.port(), seed_};
  std::array<net::running_loop, 2> loops_;
  std::vector<std::unique_ptr<redis_store>> stores_;
  std::atomic<std::uint64_t> hits_{0};
  std::atomic<std::uint64_t> misses_{0};
  std::atomic<std::uint64_t> strange_{0};
};

TEST_F(shifted_replies, bring_nobody_anothers_entry) {
  open("");
  read_under(
      {.delay = 0.02, .split = 0.02, .duplicate = 0.003, .drop = 0.002, .swap = 0.005, .garbage = 0.002, .cut = 0.001},
      harm_);
  expect_no_strangers();
}

/// Without a secret a body that is changed within goes unseen: TCP's checksums are all that guards it.
TEST_F(shifted_replies, and_changed_bytes_bring_nobody_anothers_entry_where_entries_are_sealed) {
  open("a secret of the test's own");
  read_under({.split = 0.02, .duplicate = 0.002, .swap = 0.002, .flip = 0.01}, harm_);
  EXPECT_GT(proxy_.did().flips, 0u);
  expect_no_strangers();
}

}  // namespace
}  // namespace refrain::tests
