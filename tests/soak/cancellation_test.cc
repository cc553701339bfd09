// Invariant 2 of a Redis connection: whoever gets a reply gets their own, whatever happens to those beside them.
// Built once more with a link that forgets callers who have gone (REFRAIN_TEETH_NO_DISCARD): there it must find
// strangers' replies, or it could not find them here either.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <future>
#include <random>

#include "redis/client.h"
#include "soak/soak_size.h"
#include "support/fault_proxy.h"
#include "support/net/loop.h"
#include "support/redis/client.h"

namespace refrain::tests {
namespace {

using namespace std::chrono_literals;
using redis::commands;
using redis::replies;
using redis::reply;
using redis::reply_kind;

#ifdef REFRAIN_TEETH_NO_DISCARD
constexpr bool discards = false;
#else
constexpr bool discards = true;
#endif

constexpr unsigned callers = 64;
constexpr unsigned stored = 100;

std::string key_of(std::uint64_t n) { return fmt::format("key-{}", n); }
std::string value_of(std::uint64_t n) { return fmt::format("the value of key-{}", n); }

/// Commands whose replies prove whose they are.
struct question {
  commands what;
  std::vector<std::string> expected;

  static question draw(std::mt19937_64& random, unsigned caller, std::uint64_t turn) {
    question one;
    const auto count = 1 + random() % 4;
    for (std::uint64_t i = 0; i < count; ++i) {
      if (random() % 2 == 0) {
        const auto n = random() % stored;
        one.what.add({"GET", key_of(n)});
        one.expected.push_back(value_of(n));
      } else {
        auto text = fmt::format("{}:{}:{}:", caller, turn, i);
        text.append(random() % 10 == 0 ? random() % 5000 : random() % 20, 'x');
        one.what.add({"ECHO", text});
        one.expected.push_back(std::move(text));
      }
    }
    return one;
  }
  [[nodiscard]] bool is_answered_by(const std::vector<reply>& said) const {
    return std::ranges::equal(said, expected, [](const reply& one, const std::string& text) {
      return one.is(reply_kind::bytes) && one.text == text;
    });
  }
};

class cancellation : public testing::Test {
 protected:
  cancellation() {
    redis::client plain{redis::testing::to(redis_.port(), redis::reply_timeout{10s})};
    commands all;
    for (unsigned n = 0; n < stored; ++n) all.add({"SET", key_of(n), value_of(n)});
    while (!readers_[0].run(plain.call(redis::use::write, all))) {
    }
  }
  ~cancellation() override {
    for (auto& one : readers_) one.stop();
    stranger_.stop();
  }

  /// Callers on three threads ask until `wanted` commands have been sent, or a stranger's reply has come.
  void ask(std::uint64_t wanted) {
    wanted_ = wanted;
    auto there = redis::testing::to(proxy_.port(), redis::reply_timeout{10s});
    there.node.readers = {&readers_[0].loop(), &readers_[1].loop()};
    redis::client through{std::move(there)};
    std::vector<std::future<bool>> all;
    for (unsigned i = 0; i < callers; ++i) {
      // Those on a loop of no lane go by the client's own thread.
      auto& home = i % 3 == 2 ? stranger_ : readers_[i % 3];
      all.push_back(home.start(keep_asking(this, &through, i)));
    }
    for (auto& one : all) EXPECT_TRUE(one.get());
    for (auto& one : readers_) one.stop();
    stranger_.stop();
  }

  static net::task<bool> keep_asking(cancellation* self, redis::client* through, unsigned caller) {
    std::mt19937_64 random{self->seed_ + caller};
    const commands ping{"PING"};
    while (!co_await through->call(redis::use::read, ping)) co_await net::sleep_for(5ms);
    for (std::uint64_t turn = 0; self->sent_ < self->wanted_ && self->strange_ == 0; ++turn) {
      const auto one = question::draw(random, caller, turn);
      self->sent_ += one.expected.size();
      const bool leaves = random() % 20 == 0;
      auto asked = leaves ? ask_and_leave(through, one.what, std::chrono::microseconds{random() % 3000})
                          : through->call(redis::use::read, one.what);
      auto said = co_await std::move(asked);
      if (!said) {
        const bool left = said.error().code == base::errc::cancelled;
        ++(left ? self->left_ : self->failed_);
        // Where there is no connection the answer comes at once.
        if (left) continue;
        self->sent_ -= one.expected.size();
        co_await net::sleep_for(5ms);
      } else {
        self->answered_ += said->size();
        if (!one.is_answered_by(*said)) ++self->strange_;
      }
    }
    co_return true;
  }

  /// The caller goes after a while, which may be before, amid or behind its replies.
  static net::task<replies> ask_and_leave(redis::client* through, commands what, std::chrono::microseconds after) {
    using namespace net::asio::experimental::awaitable_operators;
    net::asio::steady_timer timeout{net::loop::current()->context()};
    timeout.expires_after(after);
    auto asked = through->call(redis::use::read, std::move(what));
    auto waited = timeout.async_wait(net::asio::use_awaitable);
    auto first = co_await (std::move(asked) || std::move(waited));
    if (first.index() == 0) co_return std::get<0>(std::move(first));
    co_return base::fail(base::errc::cancelled, "left");
  }

  std::string story() const {
    const auto did = proxy_.did();
    return fmt::format(
        "seed {}: {} commands, {} answered, {} callers left, {} failed, {} strangers' replies; {} delays, "
        "{} splits, {} cuts",
        seed_, sent_.load(), answered_.load(), left_.load(), failed_.load(), strange_.load(), did.delays, did.splits,
        did.cuts);
  }

  const std::uint64_t seed_ = soak_seed(20261123);
  const redis::testing::server redis_;
  fault_proxy proxy_{redis_.port(), seed_};
  std::array<net::running_loop, 2> readers_;
  net::running_loop stranger_;
  std::uint64_t wanted_ = 0;
  std::atomic<std::uint64_t> sent_{0};
  std::atomic<std::uint64_t> answered_{0};
  std::atomic<std::uint64_t> left_{0};  ///< calls, as failed_ is
  std::atomic<std::uint64_t> failed_{0};
  std::atomic<std::uint64_t> strange_{0};
};

TEST_F(cancellation, of_one_call_gives_nobody_a_strangers_reply) {
  proxy_.set({.delay = 0.02, .delay_up_to = 2ms, .split = 0.05});
  ask(is_long_soak() ? 1'000'000 : 30'000);
  RecordProperty("story", story());
  if (!discards) {
    EXPECT_GT(strange_, 0u) << "a link that forgets who has gone went unnoticed; " << story();
    return;
  }
  EXPECT_EQ(strange_, 0u) << story();
  EXPECT_EQ(failed_, 0u) << story();
  EXPECT_GT(left_, 100u) << story();
  EXPECT_GT(proxy_.did().splits, 100u) << story();
  EXPECT_GT(proxy_.did().delays, 100u) << story();
}

TEST_F(cancellation, beside_connections_that_break_gives_nobody_a_strangers_reply) {
  if (!discards) GTEST_SKIP() << "the other test shows what this build lacks";
  proxy_.set({.delay = 0.02, .split = 0.05, .cut = 0.001});
  ask(is_long_soak() ? 200'000 : 15'000);
  RecordProperty("story", story());
  EXPECT_EQ(strange_, 0u) << story();
  EXPECT_GT(proxy_.did().cuts, 0u) << story();
}

}  // namespace
}  // namespace refrain::tests
