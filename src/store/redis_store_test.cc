// What is Redis's own, on a real one; what every store owes its callers is in conformance_test.cc.

#include "store/redis_store.h"

#include <gtest/gtest.h>

#include "net/gather.h"
#include "store/redis_value.h"
#include "store/tiered_store.h"
#include "support/base/manual_clock.h"
#include "support/net/loop.h"
#include "support/net/run_to_end.h"
#include "support/redis/client.h"
#include "support/redis/server.h"
#include "support/store/fixtures.h"

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

  /// Each store is another process's, with a purge book of its own.
  store_options own(store_options options) {
    options.clock = &clock_;
    options.purges = std::make_shared<cache::purge_book>();
    return options;
  }
  redis::client_options there() {
    auto options = redis::testing::to(server_, redis::reply_timeout{timeout_});
    options.node.lane.to.who = who_;
    return options;
  }
  redis_store& open(store_options options = {}) {
    auto servers = there();
    servers.node.readers = {&reading_.loop()};
    stores_.push_back(std::make_unique<redis_store>(std::move(servers), server_.url(), own(std::move(options))));
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
    redis::client own{redis::testing::to(server_, redis::reply_timeout{5s})};
    while (true) {
      auto said = net::run_to_end(own.call(redis::use::write, what));
      if (said) return said->front();
    }
  }
  /// A number that the server tells of itself in a section of INFO; 0 where it does not.
  std::int64_t number_in(std::string_view section, std::string_view name) {
    const auto told = ask({"INFO", section}).text;
    const auto at = told.find(std::string{name});
    return at == std::string::npos ? 0 : std::stoll(told.substr(at + name.size() + 1));
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
  std::chrono::milliseconds timeout_ = 5s;
  redis::login who_;
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
  // Nor is it overwritten by the answer that the miss has brought.
  one.put(string_there.make());
  one.put(hash_there.make());
  one.flush();
  EXPECT_EQ(net::run_to_end(one.catalogue().list({}, "", 10))->entries.size(), 1u);
  EXPECT_EQ(net::run_to_end(one.catalogue().purge({}))->removed, 1u);
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
  EXPECT_TRUE(net::run_to_end(second.catalogue().erase(key_of(one))).value_or(false));
  EXPECT_EQ(get(first, one), nullptr);
  ASSERT_TRUE(net::run_to_end(second.catalogue().purge({.tag = "even"})).has_value());
  EXPECT_EQ(get(first, two), nullptr);
}

TEST_F(redis_stores, hand_out_misses_while_the_server_is_away_and_entries_when_it_is_back) {
  timeout_ = 200ms;
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
  timeout_ = 200ms;
  auto& one = open_and_wait();
  auto& other = open_and_wait();
  const sample kept{.n = 1};
  one.put(kept.make());
  one.flush();
  server_.pause();
  EXPECT_EQ(get(one, kept), nullptr);
  EXPECT_TRUE(eventually([&] { return one.status().health == entry::store_health::down; }));
  EXPECT_EQ(net::run_to_end(one.catalogue().purge({.model = "gpt-4o"}))->number, 1u);
  server_.resume();
  EXPECT_TRUE(eventually([&] { return ask({"ZCARD", "refrain:purges"}).integer == 1; }));
  EXPECT_TRUE(eventually([&] { return other.status().health == entry::store_health::ready; }));
  EXPECT_TRUE(eventually([&] { return get(other, kept) == nullptr; }));
  EXPECT_EQ(get(one, kept), nullptr);
}

TEST_F(redis_stores, keep_two_purges_that_were_given_one_number) {
  auto& other = open_and_wait();
  ASSERT_EQ(net::run_to_end(other.catalogue().purge({.tag = "odd"}))->number, 1u);
  // Another gateway has made its own while it did not reach the server.
  const auto options = own({});
  ASSERT_EQ(options.purges->issue({.tag = "even"}, options.purge_until()).number, 1u);
  stores_.push_back(std::make_unique<redis_store>(there(), server_.url(), options));
  ASSERT_TRUE(stores_.back()->await(5s).has_value());
  EXPECT_TRUE(eventually([&] { return ask({"ZCARD", "refrain:purges"}).integer == 2; }));
  EXPECT_EQ(options.purges->records().size(), 2u);
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
  ASSERT_TRUE(net::run_to_end(one.catalogue().purge({.model = "gpt-4o"})).has_value());
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

TEST_F(redis_stores, ask_for_many_in_one_round) {
  auto& one = open_and_wait();
  std::vector<entry::entry_id> ids;
  for (int n = 0; n < 100; ++n) {
    one.put(sample{.n = n}.make());
    ids.push_back(sample{.n = n}.id());
  }
  one.flush();
  // The reader's own lane may still be connecting.
  EXPECT_TRUE(eventually([&] { return reading_.run(one.get(ids[0])).value_or(nullptr) != nullptr; }));
  const auto before = number_in("stats", "total_reads_processed");
  ASSERT_GT(before, 0);
  const auto found = reading_.run(one.get_many(ids));
  EXPECT_LT(number_in("stats", "total_reads_processed") - before, 20);
  ASSERT_EQ(found.size(), ids.size());
  for (int n = 0; n < 100; ++n) EXPECT_EQ(body_of(found[static_cast<std::size_t>(n)]), sample{.n = n}.text());
}

/// Memory over the server that all share, as gateways have it.
class near_redis : public redis_stores {
 protected:
  struct gateway {
    std::shared_ptr<near_cache> near;
    std::unique_ptr<tiered_store> store;

    [[nodiscard]] std::string at_hand(const sample& one) const { return body_of(store->peek(one.id())); }
    [[nodiscard]] std::string get(const sample& one) const {
      return body_of(net::run_to_end(store->get(one.id())).value_or(nullptr));
    }
    /// Reads it until it is kept near: not while the server still tells of its writing.
    [[nodiscard]] bool brings_near(const sample& one) const {
      return eventually([&] { return get(one) == one.text() && at_hand(one) == one.text(); });
    }
    [[nodiscard]] bool loses(const sample& one) const {
      return eventually([&] { return at_hand(one) == "(none)"; });
    }
  };

  gateway start() {
    const auto options = own({});
    gateway fresh{.near = std::make_shared<near_cache>(std::make_unique<memory_store>(options)), .store = nullptr};
    auto below = std::make_unique<redis_store>(there(), server_.url(), options, fresh.near);
    EXPECT_TRUE(below->await(5s).has_value());
    fresh.store = std::make_unique<tiered_store>(fresh.near, std::move(below));
    return fresh;
  }
  void put(const gateway& by, const sample& one) {
    by.store->put(one.make());
    by.store->flush();
  }

  const sample odd_{.n = 1};
  const sample even_{.n = 2};
  const sample newer_{.n = 2, .body = "newer"};
};

TEST_F(near_redis, reads_once_what_many_want_at_once) {
  const sample large{.n = 1, .body = std::string(4 << 20, 'x')};
  put(start(), large);
  const auto other = start();
  std::vector<net::task<base::result<entry::entry_ptr>>> gets;
  for (int i = 0; i < 20; ++i) gets.push_back(other.store->get(large.id()));
  const auto before = number_in("commandstats", "cmdstat_hmget:calls");
  const auto all = reading_.run(net::gather(std::move(gets)));
  for (const auto& one : all) EXPECT_EQ(one.value_or(nullptr), all.front().value_or(nullptr));
  EXPECT_EQ(body_of(all.front().value_or(nullptr)), large.body);
  const auto alone = start();
  const auto after_many = number_in("commandstats", "cmdstat_hmget:calls");
  EXPECT_EQ(alone.get(large), large.body);
  EXPECT_EQ(after_many - before, number_in("commandstats", "cmdstat_hmget:calls") - after_many);
}

TEST_F(near_redis, hears_at_once_what_others_change) {
  const auto one = start();
  const auto other = start();
  // So that what follows is not owed to the short life of copies that nobody vouches for.
  ASSERT_TRUE(ask({"INFO", "clients"}).text.contains("tracking_clients:2"));
  put(one, odd_);
  put(one, even_);
  ASSERT_TRUE(other.brings_near(odd_) && other.brings_near(even_));
  // Another replaces it.
  put(one, newer_);
  EXPECT_TRUE(other.loses(even_));
  EXPECT_EQ(other.get(even_), newer_.text());
  EXPECT_EQ(one.at_hand(even_), newer_.text()) << "what one has written itself, it is not told of";
  // Another purges it.
  ASSERT_TRUE(net::run_to_end(one.store->catalogue().purge({.tag = "odd"})).has_value());
  EXPECT_TRUE(other.loses(odd_));
  EXPECT_EQ(other.get(odd_), "(none)");
  // Another deletes it, or somebody by hand, or everything.
  for (const commands& by_hand : {commands{"DEL", key_of(even_)}, commands{"FLUSHALL"}}) {
    put(one, even_);
    ASSERT_TRUE(other.brings_near(even_));
    (void)ask(by_hand);
    EXPECT_TRUE(one.loses(even_) && other.loses(even_));
    EXPECT_EQ(one.get(even_), "(none)");
  }
}

TEST_F(near_redis, asks_again_after_a_second_where_the_server_tells_nothing) {
  (void)ask({"ACL", "SETUSER", "silent", "on", ">pw", "~*", "+@all", "-client|tracking"});
  who_ = {.user = "silent", .password = base::secret{"pw"}};
  const auto one = start();
  const auto other = start();
  ASSERT_TRUE(ask({"INFO", "clients"}).text.contains("tracking_clients:0"));
  put(one, even_);
  ASSERT_TRUE(other.brings_near(even_));
  put(one, newer_);
  EXPECT_TRUE(eventually([&] { return other.get(even_) == newer_.text(); }));
}

TEST_F(near_redis, serves_what_it_has_while_the_server_is_away) {
  timeout_ = 200ms;
  const auto one = start();
  put(one, even_);
  ASSERT_TRUE(one.brings_near(even_));
  server_.stop();
  EXPECT_TRUE(eventually([&] { return one.store->status().tiers[1].health == entry::store_health::down; }));
  EXPECT_EQ(one.get(even_), even_.text());
  // It comes back empty: what was near is asked for again, and is not there any more.
  server_.start();
  EXPECT_TRUE(eventually([&] { return one.get(even_) == "(none)"; }));
}

}  // namespace
}  // namespace refrain::store
