// What every store owes its callers (entry/store.h), proved on each of them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <thread>

#include "store/fallback_store.h"
#include "store/memory_store.h"
#include "store/redis_store.h"
#include "store/registry.h"
#include "store/sqlite_store.h"
#include "support/base/manual_clock.h"
#include "support/net/run_to_end.h"
#include "support/redis/client.h"
#include "support/redis/cluster.h"
#include "support/store/fixtures.h"

namespace refrain::store {
namespace {

using namespace std::chrono_literals;

struct kind {
  std::string_view name;
  bool permanent = false;
  bool bounded = true;  ///< by us; a server has a bound of its own
  std::function<std::unique_ptr<entry::store>(const std::string& path, store_options options)> open;
};

std::unique_ptr<entry::store> open_sqlite(const std::string& path, store_options options) {
  auto opened = sqlite_store::open(path, std::move(options));
  return opened ? std::move(*opened) : nullptr;
}

std::unique_ptr<entry::store> open_tiered(const std::string& path, store_options options) {
  options.url = "sqlite:" + path;
  auto opened = open_store(std::move(options));
  return opened ? std::move(*opened) : nullptr;
}

/// All stores of all tests share one server, each under a prefix of its own, which is the path.
std::unique_ptr<entry::store> open_redis(const std::string& path, store_options options) {
  static const redis::testing::server server;
  options.prefix = path + ":";
  auto there = redis::testing::to(server);
  auto store = std::make_unique<redis_store>(std::move(there), server.url(), std::move(options));
  EXPECT_TRUE(store->await(std::chrono::seconds{5}).has_value());
  return store;
}

/// The same on the nodes of a Cluster.
std::unique_ptr<entry::store> open_cluster(const std::string& path, store_options options) {
  static const redis::testing::cluster nodes{3, false};
  options.prefix = path + ":";
  auto there = redis::testing::to(*nodes.nodes().front());
  there.where.kind = redis::topology::cluster;
  auto store = std::make_unique<redis_store>(std::move(there), nodes.url(), std::move(options));
  EXPECT_TRUE(
      redis::testing::cluster::comes_true([&] { return store->status().health == entry::store_health::ready; }));
  EXPECT_TRUE(store->await(std::chrono::seconds{5}).has_value());
  return store;
}

/// A server with a file beside it.
std::unique_ptr<entry::store> open_fallback(const std::string& path, store_options options) {
  auto shared = open_redis(path, options);
  return std::make_unique<fallback_store>(std::move(shared), open_sqlite(path, std::move(options)));
}

store_options sealed(store_options options) {
  options.sealer = entry::sealer(base::secret{"a secret of some length"}, base::secret{});
  return options;
}

const std::vector<kind>& kinds() {
  static const std::vector<kind> all{
      {"memory", false, true,
       [](const auto&, auto options) { return std::make_unique<memory_store>(std::move(options)); }},
      {"sqlite", true, true, [](const auto& path, auto options) { return open_sqlite(path, std::move(options)); }},
      {"sqlite_sealed", true, true,
       [](const auto& path, auto options) { return open_sqlite(path, sealed(std::move(options))); }},
      {"tiered", true, true, [](const auto& path, auto options) { return open_tiered(path, std::move(options)); }},
      {"tiered_sealed", true, true,
       [](const auto& path, auto options) { return open_tiered(path, sealed(std::move(options))); }},
      {"redis", true, false, [](const auto& path, auto options) { return open_redis(path, std::move(options)); }},
      {"cluster", true, false, [](const auto& path, auto options) { return open_cluster(path, std::move(options)); }},
      {"fallback", true, false, [](const auto& path, auto options) { return open_fallback(path, std::move(options)); }},
      {"redis_sealed", true, false,
       [](const auto& path, auto options) { return open_redis(path, sealed(std::move(options))); }},
  };
  return all;
}

class every_store : public testing::TestWithParam<kind> {
 protected:
  void SetUp() override {
    options_.clock = &clock_;
    open();
  }

  void open() {
    store_ = nullptr;
    store_ = GetParam().open(folder_.file("cache.db"), options_);
    ASSERT_NE(store_, nullptr);
  }

  entry::entry_ptr get(const entry::entry_id& id) {
    auto found = net::run_to_end(store_->get(id));
    EXPECT_TRUE(found.has_value());
    return found.value_or(nullptr);
  }
  entry::entry_ptr find(const std::string& name) {
    return net::run_to_end(store_->catalogue().find(name)).value_or(nullptr);
  }
  bool erase(const std::string& name) { return net::run_to_end(store_->catalogue().erase(name)).value_or(false); }
  entry::purge_report purge(const entry::selector& what) {
    return net::run_to_end(store_->catalogue().purge(what)).value_or(entry::purge_report{});
  }

  entry::store_status status() const { return store_->status(); }
  /// Redis counts keys, whatever they are.
  [[nodiscard]] bool counts_keys() const { return store_->status().kind == "redis"; }
  std::uint64_t entries() { return counts_keys() ? list({}, 100).size() : store_->status().entries.value_or(0); }

  /// Numbers of the entries that a listing gives, page by page.
  std::vector<std::string> list(const entry::selector& what, std::size_t limit) {
    std::vector<std::string> queries;
    std::string cursor;
    do {
      auto page = net::run_to_end(store_->catalogue().list(what, cursor, limit));
      EXPECT_TRUE(page.has_value());
      if (!page) break;
      EXPECT_LE(page->entries.size(), limit);
      for (const auto& about : page->entries) queries.push_back(about.query);
      cursor = page->next;
    } while (!cursor.empty());
    return queries;
  }

  void put_many(int count) {
    for (int n = 0; n < count; ++n) {
      store_->put(
          sample{.n = n, .tenant = n < count / 2 ? "anna" : "bert", .model = n % 3 == 0 ? "small" : "large"}.make());
    }
    store_->flush();
  }

  base::manual_clock clock_;
  store_options options_{.memory_bytes = {8 << 20}, .max_bytes = {32 << 20}, .entry_cap = {1 << 20}};
  scratch_folder folder_;
  std::unique_ptr<entry::store> store_;
};

TEST_P(every_store, gives_back_what_was_put) {
  const sample one{.n = 1};
  EXPECT_TRUE(store_->put(one.make()));
  const auto at_once = get(one.id());
  store_->flush();
  const auto later = get(one.id());
  for (const auto& found : {at_once, later}) {
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->about, one.about());
    EXPECT_EQ(body_of(found), one.text());
  }
  EXPECT_EQ(entries(), 1u);
  EXPECT_EQ(status().health, entry::store_health::ready);
}

TEST_P(every_store, what_is_not_there_is_a_miss) {
  EXPECT_EQ(get(sample{.n = 1}.id()), nullptr);
  EXPECT_EQ(store_->peek(sample{.n = 1}.id()), nullptr);
}

TEST_P(every_store, gives_many_at_once_each_in_its_place) {
  const sample large{.n = 3, .body = std::string(300'000, 'x')};
  store_->put(sample{.n = 1}.make());
  store_->put(large.make());
  store_->flush();
  store_->put(sample{.n = 2}.make());
  const auto ids = {sample{.n = 2}.id(), sample{.n = 9}.id(), large.id(), sample{.n = 1}.id()};
  for (const bool again : {false, true}) {
    const auto found = net::run_to_end(store_->get_many(ids));
    ASSERT_EQ(found.size(), ids.size()) << again;
    EXPECT_EQ(body_of(found[0]), sample{.n = 2}.text());
    EXPECT_EQ(found[1], nullptr);
    EXPECT_EQ(body_of(found[2]), large.body);
    EXPECT_EQ(body_of(found[3]), sample{.n = 1}.text());
  }
  EXPECT_TRUE(net::run_to_end(store_->get_many({})).empty());
}

TEST_P(every_store, tells_observers_once_of_each_put_and_of_no_read) {
  struct : entry::store_observer {
    void on_stored(const entry::entry_ptr& fresh) override { heard.push_back(fresh); }
    std::vector<entry::entry_ptr> heard;
  } observer;
  store_->observe(observer);
  const auto fresh = sample{.n = 1}.make();
  store_->put(fresh);
  store_->flush();
  EXPECT_NE(get(fresh->about.id), nullptr);
  EXPECT_THAT(observer.heard, testing::ElementsAre(fresh));
  store_ = nullptr;
}

TEST_P(every_store, the_last_put_wins) {
  store_->put(sample{.n = 1, .body = "old"}.make());
  store_->flush();
  store_->put(sample{.n = 1, .body = "new"}.make());
  EXPECT_EQ(body_of(get(sample{.n = 1}.id())), "new");
  store_->flush();
  EXPECT_EQ(body_of(get(sample{.n = 1}.id())), "new");
  EXPECT_EQ(entries(), 1u);
}

TEST_P(every_store, tells_what_each_type_takes) {
  if (counts_keys()) {
    EXPECT_FALSE(status().bytes_by_type.has_value());
    return;
  }
  const auto taken = [&](entry::cache_type type) {
    store_->flush();
    return status().bytes_by_type.value()[static_cast<std::size_t>(type)];
  };
  auto clip = std::make_shared<entry::entry>(*sample{.n = 2, .body = std::string(50'000, 'x')}.make());
  clip->about.id.type = entry::cache_type::tts;
  store_->put(sample{.n = 1}.make());
  store_->put(clip);
  EXPECT_GT(taken(entry::cache_type::llm), 0u);
  EXPECT_LT(taken(entry::cache_type::llm), 10'000u);
  EXPECT_GE(taken(entry::cache_type::tts), 50'000u);
  EXPECT_TRUE(erase(clip->about.id.digest.hex()));
  EXPECT_EQ(taken(entry::cache_type::tts), 0u);
}

TEST_P(every_store, another_tenant_misses) {
  store_->put(sample{.n = 1}.make());
  store_->flush();
  auto id = sample{.n = 1}.id();
  id.tenant = base::sha256("bert");
  const auto before = status().mismatches;
  EXPECT_EQ(store_->peek(id), nullptr);
  EXPECT_EQ(get(id), nullptr);
  EXPECT_THAT(net::run_to_end(store_->get_many({id, id})), testing::Each(nullptr));
  EXPECT_GT(status().mismatches, before);
}

TEST_P(every_store, a_digest_that_differs_in_its_last_bit_misses) {
  store_->put(sample{.n = 1}.make());
  store_->flush();
  auto id = sample{.n = 1}.id();
  id.digest.bytes.back() ^= 1;
  EXPECT_EQ(store_->peek(id), nullptr);
  EXPECT_EQ(get(id), nullptr);
}

TEST_P(every_store, keeps_past_the_ttl_for_keep_stale_and_no_longer) {
  const sample one{.n = 1, .ttl = 60s};
  store_->put(one.make());
  store_->flush();
  clock_.advance(60s + options_.keep_stale - 1s);
  EXPECT_NE(get(one.id()), nullptr);
  clock_.advance(1s);
  EXPECT_EQ(get(one.id()), nullptr);
  EXPECT_EQ(find(one.id().digest.hex()), nullptr);
  EXPECT_TRUE(list({}, 10).empty());
}

TEST_P(every_store, any_bytes_and_sizes_come_back) {
  std::string all(256, '\0');
  for (int i = 0; i < 256; ++i) all[static_cast<std::size_t>(i)] = static_cast<char>(i);
  int n = 0;
  for (const std::size_t size : {1u, 4096u, 65536u, 65537u, 300'000u}) {
    std::string body;
    while (body.size() < size) body += all;
    body.resize(size);
    const sample one{.n = ++n, .body = body};
    store_->put(one.make());
    store_->flush();
    EXPECT_EQ(body_of(get(one.id())), body) << size;
  }
}

TEST_P(every_store, a_body_in_slices_comes_back_whole) {
  const base::slice run{"one and two and three"};
  auto whole = std::make_shared<entry::entry>();
  whole->about = sample{.n = 1}.about();
  whole->about.size = run.size();
  whole->body = {run.part(0, 7), run.part(7, 8), run.part(15)};
  store_->put(whole);
  store_->flush();
  EXPECT_EQ(body_of(get(whole->about.id)), run.view());
}

TEST_P(every_store, finds_and_erases_by_name_and_by_digest) {
  sample one{.n = 1};
  sample two{.n = 2};
  store_->put(one.make());
  store_->put(two.make());
  store_->flush();
  EXPECT_EQ(body_of(find(entry::storage_name(one.id()))), one.text());
  EXPECT_EQ(body_of(find(one.id().digest.hex())), one.text());
  EXPECT_EQ(find("tts:x:" + one.id().digest.hex()), nullptr);

  EXPECT_FALSE(erase("llm:exact:nothing"));
  EXPECT_TRUE(erase(entry::storage_name(one.id())));
  EXPECT_FALSE(erase(entry::storage_name(one.id())));
  EXPECT_EQ(get(one.id()), nullptr);
  EXPECT_TRUE(erase(two.id().digest.hex()));
  EXPECT_EQ(get(two.id()), nullptr);
}

struct purge_case {
  std::string_view name;
  entry::selector what;
  std::uint64_t killed;
};

TEST_P(every_store, purges_by_each_member_of_a_selector) {
  const auto later = clock_.seconds() + 1s;
  const purge_case cases[] = {
      {"none", {.upstream = "anthropic"}, 0},
      {"type", {.type = entry::cache_type::tts}, 0},
      {"upstream", {.upstream = "openai"}, 12},
      {"model", {.model = "small"}, 4},
      {"tag", {.tag = "even"}, 6},
      {"tenant", {.tenant = "bert"}, 6},
      {"tenant_tag", {.tenant = base::sha256("bert").hex().substr(0, 8)}, 6},
      {"name_space", {.name_space = "x"}, 0},
      {"level", {.level = "balanced"}, 12},
      {"text", {.text = "what is 1"}, 3},
      {"stored_before", {.stored_before = later}, 12},
      {"stored_before_first", {.stored_before = later - 1s}, 0},
      {"two", {.model = "small", .tenant = "anna"}, 2},
      {"all", {}, 12},
  };
  for (const auto& [name, what, killed] : cases) {
    for (int n = 0; n < 12; ++n) {
      sample one{.n = n, .tenant = n < 6 ? "anna" : "bert", .model = n % 3 == 0 ? "small" : "large"};
      one.purge_number = options_.purges->current();
      store_->put(one.make());
    }
    store_->flush();
    EXPECT_EQ(purge(what).removed, killed) << name;
    EXPECT_EQ(list({}, 100).size(), 12 - killed) << name;
    store_->flush();
    EXPECT_EQ(entries(), 12 - killed) << name;
  }
}

TEST_P(every_store, a_purge_kills_what_was_being_fetched) {
  const auto began = options_.purges->current();
  const auto report = purge({.model = "gpt-4o"});
  EXPECT_GT(report.number, began);
  const sample fetched{.n = 1, .purge_number = began};
  store_->put(fetched.make());
  EXPECT_EQ(store_->peek(fetched.id()), nullptr);
  EXPECT_EQ(get(fetched.id()), nullptr);
  store_->flush();
  EXPECT_EQ(get(fetched.id()), nullptr);

  const sample after{.n = 1, .purge_number = options_.purges->current()};
  store_->put(after.make());
  store_->flush();
  EXPECT_NE(get(after.id()), nullptr);
}

TEST_P(every_store, listings_cover_all_exactly_once) {
  put_many(50);
  for (const std::size_t limit : {1u, 7u, 50u, 100u}) {
    auto queries = list({}, limit);
    EXPECT_EQ(queries.size(), 50u) << limit;
    EXPECT_EQ(std::set<std::string>(queries.begin(), queries.end()).size(), 50u) << limit;
  }
  EXPECT_EQ(list({.tag = "odd", .tenant = "bert"}, 5).size(), 13u);
  EXPECT_EQ(list({.text = "WHAT IS 49"}, 5).size(), 1u);
}

TEST_P(every_store, a_strange_cursor_is_an_error) {
  EXPECT_FALSE(net::run_to_end(store_->catalogue().list({}, "nonsense", 5)).has_value());
}

TEST_P(every_store, never_grows_beyond_its_bound) {
  if (!GetParam().bounded) GTEST_SKIP() << "the server's own";
  options_.memory_bytes = {512 << 10};
  options_.max_bytes = {2 << 20};
  options_.entry_cap = {64 << 10};
  open();
  for (int n = 0; n < 400; ++n) {
    store_->put(sample{.n = n, .body = std::string(static_cast<std::size_t>(n % 7) * 3000 + 10, 'x')}.make());
    if (n % 40 != 0) continue;
    store_->flush();
    const auto now = this->status();
    EXPECT_LE(now.bytes, now.max_bytes);
    for (const auto& tier : now.tiers) EXPECT_LE(tier.bytes, tier.max_bytes) << tier.kind;
  }
  store_->flush();
  EXPECT_GT(status().evictions, 0u);
  EXPECT_GT(entries(), 20u);
  EXPECT_NE(get(sample{.n = 399}.id()), nullptr);
}

TEST_P(every_store, an_entry_too_large_leaves_no_older_one_behind) {
  options_.entry_cap = {800'000};
  options_.memory_bytes = {512 << 10};
  options_.max_bytes = {2 << 20};
  open();
  store_->put(sample{.n = 1, .body = "old"}.make());
  store_->flush();
  store_->put(sample{.n = 1, .body = std::string(900'000, 'x')}.make());
  store_->flush();
  EXPECT_EQ(get(sample{.n = 1}.id()), nullptr);
}

TEST_P(every_store, counters_add_up) {
  if (!GetParam().permanent) GTEST_SKIP() << "forgets them";
  store_->counters().add({{.day = 10, .name = "hits", .amount = 2}, {.day = 11, .name = "hits", .amount = 5}});
  store_->counters().add({{.day = 11, .name = "hits", .amount = -1}, {.day = 11, .name = "saved gpt-4o", .amount = 7}});
  store_->flush();
  const auto all = net::run_to_end(store_->counters().since(11));
  ASSERT_TRUE(all.has_value());
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[0].name, "hits");
  EXPECT_EQ((*all)[0].amount, 4);
  EXPECT_EQ((*all)[1].amount, 7);
  EXPECT_EQ(net::run_to_end(store_->counters().since(0))->size(), 3u);
}

TEST_P(every_store, what_is_permanent_survives_reopening) {
  if (!GetParam().permanent) GTEST_SKIP() << "holds nothing";
  put_many(20);
  purge({.tag = "odd"});
  store_->counters().add({{.day = 1, .name = "hits", .amount = 2}});
  // Its end writes what is queued.
  store_->put(sample{.n = 100, .purge_number = options_.purges->current()}.make());
  options_.purges = std::make_shared<cache::purge_book>();
  open();
  EXPECT_EQ(list({}, 100).size(), 11u);
  EXPECT_NE(get(sample{.n = 100}.id()), nullptr);
  EXPECT_EQ(net::run_to_end(store_->counters().since(0))->size(), 1u);
  store_->flush();
  EXPECT_EQ(entries(), 11u);
  // Numbers never start again, or a later purge would spare what is older.
  EXPECT_EQ(options_.purges->current(), 1u);
  EXPECT_EQ(purge({}).removed, 11u);
}

TEST_P(every_store, many_threads_may_use_it_at_once) {
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 150; ++i) {
        const sample one{.n = (i * 7 + t * 13) % 60, .body = (i + t) % 9 == 0 ? std::string(70'000, 'b') : ""};
        store_->put(one.make());
        const auto found = net::run_to_end(store_->get(one.id()));
        const bool right = found && (*found == nullptr || body_of(*found) == sample{.n = one.n}.text() ||
                                     body_of(*found) == std::string(70'000, 'b'));
        if (!right) ++wrong;
        if (i % 50 == 49) static_cast<void>(net::run_to_end(store_->catalogue().erase(one.id().digest.hex())));
        if (i % 75 == 74) static_cast<void>(net::run_to_end(store_->catalogue().purge({.tag = "odd"})));
        store_->counters().add({{.day = 1, .name = "uses", .amount = 1}});
      }
    });
  }
  for (auto& one : threads) one.join();
  store_->flush();
  EXPECT_EQ(wrong, 0);
  if (GetParam().permanent) {
    const auto uses = net::run_to_end(store_->counters().since(0));
    ASSERT_EQ(uses->size(), 1u);
    EXPECT_EQ(uses->front().amount, 600);
  }
}

INSTANTIATE_TEST_SUITE_P(each, every_store, testing::ValuesIn(kinds()),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace refrain::store
