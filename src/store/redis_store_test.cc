// What is Redis's own, on a real one; what every store owes its callers is in conformance_test.cc.

#include "store/redis_store.h"

#include <gtest/gtest.h>

#include "net/testing.h"
#include "net/testing_loop.h"
#include "redis/testing_server.h"
#include "store/redis_value.h"
#include "store/testing.h"

namespace refrain::store {
namespace {

using namespace std::chrono_literals;
using redis::commands;
using redis::reply_kind;

class redis_stores : public ::testing::Test {
 protected:
  ~redis_stores() override {
    reading_.stop();
    stores_.clear();
  }

  redis_store& open(store_options options = {}) {
    redis::client_options there{.server = {.where = {.host = "127.0.0.1", .port = server_.port()},
                                           .tls = nullptr,
                                           .who = {},
                                           .limits = redis::patience{patience_}},
                                .readers = {&reading_.loop()}};
    options.clock = &clock_;
    options.purges = std::make_shared<cache::purge_book>();
    stores_.push_back(std::make_unique<redis_store>(std::move(there), server_.url(), std::move(options)));
    return *stores_.back();
  }
  redis_store& open_and_wait(store_options options = {}) {
    auto& one = open(std::move(options));
    EXPECT_TRUE(one.await(5s).has_value());
    return one;
  }

  entry::entry_ptr get(redis_store& from, const sample& one) {
    return net::run_to_end(from.get(one.id())).value_or(nullptr);
  }
  /// The server's own view.
  redis::reply ask(commands what) {
    redis::client own{{.server = {.where = {.host = "127.0.0.1", .port = server_.port()},
                                  .tls = nullptr,
                                  .who = {},
                                  .limits = redis::patience{5s}}}};
    while (true) {
      auto said = net::run_to_end(own.write(what));
      if (said) return said->front();
    }
  }
  template <class F>
  [[nodiscard]] static bool eventually(F is_so) {
    for (int turn = 0; turn < 1000; ++turn) {
      if (is_so()) return true;
      std::this_thread::sleep_for(5ms);
    }
    return false;
  }

  /// Long, as the machine may be busy, but where a test waits for it.
  std::chrono::milliseconds patience_ = 5s;
  base::manual_clock clock_;
  redis::testing::server server_;
  net::running_loop reading_;
  std::vector<std::unique_ptr<redis_store>> stores_;
};

std::string key_of(const sample& one) { return entry::storage_name(one.id()); }

TEST_F(redis_stores, keep_entries_as_hashes_that_people_can_read) {
  auto& one = open_and_wait();
  const sample shown{.n = 1};
  one.put(shown.make());
  one.flush();
  EXPECT_EQ(ask({"HGET", key_of(shown), "body"}).text, shown.text());
  EXPECT_TRUE(ask({"HGET", key_of(shown), "meta"}).text.starts_with("{\"version\":1"));
  const auto left = ask({"PTTL", key_of(shown)}).integer;
  EXPECT_GT(left, 890'000);
  EXPECT_LE(left, 900'000);
}

TEST_F(redis_stores, cut_long_bodies_and_compress_those_that_shrink) {
  auto& one = open_and_wait();
  std::string noise(700'000, '\0');
  std::uint64_t state = 1;
  for (auto& byte : noise)
    byte = static_cast<char>((state = state * 6364136223846793005u + 1442695040888963407u) >> 56);
  const sample long_one{.n = 1, .body = noise};
  const sample shrinking{.n = 2, .body = std::string(700'000, 'a')};
  one.put(long_one.make());
  one.put(shrinking.make());
  one.flush();
  EXPECT_EQ(ask({"HGET", key_of(long_one), "pieces"}).text, "3");
  EXPECT_EQ(ask({"HLEN", key_of(long_one)}).integer, 5);
  EXPECT_EQ(ask({"HGET", key_of(shrinking), "encoding"}).text, "zstd");
  EXPECT_LT(ask({"HSTRLEN", key_of(shrinking), "body"}).integer, 1000);
  EXPECT_EQ(body_of(get(one, long_one)), noise);
  EXPECT_EQ(body_of(get(one, shrinking)), shrinking.text());
  // A piece that is gone makes a miss, not half an answer.
  (void)ask({"HDEL", key_of(long_one), redis_piece_name(long_one.about(), 1)});
  EXPECT_EQ(get(one, long_one), nullptr);
}

TEST_F(redis_stores, leave_what_is_not_theirs_alone) {
  auto& one = open_and_wait();
  const sample string_there{.n = 1};
  const sample hash_there{.n = 2};
  const sample own{.n = 3};
  (void)ask({"SET", key_of(string_there), "of somebody else"});
  (void)ask({"HSET", key_of(hash_there), "meta", "not ours", "body", "x"});
  (void)ask({"SET", "llm:query_index", "of somebody else"});
  one.put(own.make());
  one.flush();
  EXPECT_EQ(get(one, string_there), nullptr);
  EXPECT_EQ(get(one, hash_there), nullptr);
  EXPECT_EQ(net::run_to_end(one.list({}, "", 10))->entries.size(), 1u);
  EXPECT_EQ(net::run_to_end(one.purge({}))->removed, 1u);
  EXPECT_EQ(ask({"GET", key_of(string_there)}).text, "of somebody else");
  EXPECT_EQ(ask({"HGET", key_of(hash_there), "body"}).text, "x");
  EXPECT_EQ(ask({"GET", "llm:query_index"}).text, "of somebody else");
}

TEST_F(redis_stores, trust_no_connection_that_brought_anothers_entry) {
  auto& one = open_and_wait();
  const sample kept{.n = 1};
  one.put(kept.make());
  one.flush();
  (void)ask({"COPY", key_of(kept), key_of(sample{.n = 2})});
  const auto seen = one.status().mismatches;
  EXPECT_EQ(get(one, sample{.n = 2}), nullptr);
  EXPECT_EQ(one.status().mismatches, seen + 1);
  EXPECT_TRUE(
      eventually([&] { return one.status().health == entry::store_health::ready && get(one, kept) != nullptr; }));
}

TEST_F(redis_stores, share_entries_and_purges) {
  auto& first = open_and_wait();
  auto& second = open_and_wait();
  const sample one{.n = 1};
  const sample two{.n = 2};
  first.put(one.make());
  first.put(two.make());
  first.flush();
  EXPECT_EQ(body_of(get(second, one)), one.text());
  EXPECT_TRUE(net::run_to_end(second.erase(key_of(one))).value_or(false));
  EXPECT_EQ(get(first, one), nullptr);
  ASSERT_TRUE(net::run_to_end(second.purge({.tag = "even"})).has_value());
  EXPECT_EQ(get(first, two), nullptr);
}

TEST_F(redis_stores, hand_out_misses_while_the_server_is_away_and_entries_when_it_is_back) {
  patience_ = 200ms;
  auto& one = open_and_wait();
  const sample kept{.n = 1};
  one.put(kept.make());
  one.flush();
  server_.pause();
  EXPECT_EQ(get(one, kept), nullptr);
  EXPECT_TRUE(eventually([&] { return one.status().health == entry::store_health::down; }));
  one.put(sample{.n = 2}.make());
  EXPECT_EQ(one.status().writes_dropped, 1u);
  server_.resume();
  EXPECT_TRUE(eventually([&] { return get(one, kept) != nullptr; }));
  EXPECT_EQ(one.status().health, entry::store_health::ready);
}

TEST_F(redis_stores, hold_to_a_purge_that_was_made_while_the_server_was_away) {
  patience_ = 200ms;
  auto& one = open_and_wait();
  auto& other = open_and_wait();
  const sample kept{.n = 1};
  one.put(kept.make());
  one.flush();
  server_.pause();
  EXPECT_EQ(get(one, kept), nullptr);
  EXPECT_TRUE(eventually([&] { return one.status().health == entry::store_health::down; }));
  EXPECT_EQ(net::run_to_end(one.purge({.model = "gpt-4o"}))->number, 1u);
  server_.resume();
  EXPECT_TRUE(eventually([&] { return ask({"ZCARD", "refrain:purges"}).integer == 1; }));
  EXPECT_TRUE(eventually([&] { return other.status().health == entry::store_health::ready; }));
  EXPECT_TRUE(eventually([&] { return get(other, kept) == nullptr; }));
  EXPECT_EQ(get(one, kept), nullptr);
}

TEST_F(redis_stores, start_without_a_server_and_find_it_later) {
  server_.stop();
  auto& one = open();
  EXPECT_FALSE(one.await(5s).has_value());
  EXPECT_EQ(get(one, {.n = 1}), nullptr);
  EXPECT_EQ(one.status().health, entry::store_health::down);
  server_.start();
  EXPECT_TRUE(eventually([&] { return one.status().health == entry::store_health::ready; }));
  one.put(sample{.n = 1}.make());
  one.flush();
  EXPECT_TRUE(eventually([&] { return get(one, {.n = 1}) != nullptr; }));
}

TEST_F(redis_stores, give_a_server_that_lost_them_its_purges_back) {
  auto& one = open_and_wait();
  ASSERT_TRUE(net::run_to_end(one.purge({.model = "gpt-4o"})).has_value());
  (void)ask({"FLUSHALL"});
  EXPECT_TRUE(eventually([&] { return ask({"ZCARD", "refrain:purges"}).integer == 1; }));
  EXPECT_TRUE(eventually([&] { return ask({"GET", "refrain:purge_number"}).text == "1"; }));
}

TEST_F(redis_stores, stop_writing_for_a_while_when_the_server_is_full) {
  auto& one = open_and_wait();
  one.put(sample{.n = 1}.make());
  one.flush();
  (void)ask({"CONFIG", "SET", "maxmemory", "1"});
  one.put(sample{.n = 2}.make());
  one.flush();
  EXPECT_EQ(one.status().writes_dropped, 1u);
  (void)ask({"CONFIG", "SET", "maxmemory", "0"});
  one.put(sample{.n = 3}.make());
  EXPECT_EQ(one.status().writes_dropped, 2u);
  EXPECT_NE(get(one, {.n = 1}), nullptr);
  clock_.advance(2s);
  one.put(sample{.n = 3}.make());
  one.flush();
  EXPECT_NE(get(one, {.n = 3}), nullptr);
}

TEST_F(redis_stores, read_on_the_callers_own_loop) {
  auto& one = open_and_wait();
  const sample kept{.n = 1};
  one.put(kept.make());
  one.flush();
  EXPECT_TRUE(eventually([&] {
    const auto found = reading_.run(one.get(kept.id()));
    return found && *found != nullptr;
  }));
}

}  // namespace
}  // namespace refrain::store
