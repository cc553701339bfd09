#include "store/sqlite_store.h"

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

#include <sys/resource.h>

#include "base/log.h"
#include "store/sqlite_schema.h"
#include "support/net/run_to_end.h"
#include "support/store/fixtures.h"
#include "support/store/sqlite_test.h"

namespace refrain::store {
namespace {

using namespace std::chrono_literals;

class sqlite : public sqlite_test {};

TEST_F(sqlite, a_disk_without_room_takes_the_store_down_until_it_has_some) {
  open();
  put(1);
  struct rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_action = std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit tight{.rlim_cur = std::filesystem::file_size(path_ + "-wal"), .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  store_->put(sample{.n = 2, .body = std::string(200'000, 'x')}.make());
  store_->flush();
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, old_action);

  EXPECT_EQ(store_->status().health, entry::store_health::down);
  EXPECT_FALSE(store_->status().detail.empty());
  EXPECT_EQ(get(1), "(none)");
  const auto dropped = store_->status().writes_dropped;
  store_->put(sample{.n = 3}.make());
  EXPECT_EQ(store_->status().writes_dropped, dropped + 1);
  // A purge that the file cannot take holds all the same.
  const auto report = net::run_to_end(store_->catalogue().purge({.tag = "odd"}));
  EXPECT_EQ(report->number, 1u);

  clock_.advance(31s);
  store_->flush();
  EXPECT_EQ(store_->status().health, entry::store_health::ready);
  EXPECT_EQ(get(1), "(none)");
  put(4);
  reopen();
  EXPECT_EQ(get(4), text(4));
  EXPECT_EQ(get(1), "(none)");
  EXPECT_EQ(options_.purges->current(), 1u);
}

TEST_F(sqlite, a_full_queue_drops_what_does_not_fit) {
  write_queue queue(10'000, 1000);
  EXPECT_TRUE(queue.add(put_entry{sample{.n = 1, .body = std::string(6000, 'x')}.make()}));
  EXPECT_FALSE(queue.add(put_entry{sample{.n = 2, .body = std::string(6000, 'x')}.make()}));
  EXPECT_EQ(queue.dropped(), 1u);
  const auto batch = queue.take(0ms, 0ms);
  EXPECT_FALSE(queue.add(put_entry{sample{.n = 2, .body = std::string(6000, 'x')}.make()})) << "not written yet";
  queue.done(batch, 0);
  EXPECT_TRUE(queue.add(put_entry{sample{.n = 2, .body = std::string(6000, 'x')}.make()}));
}

TEST_F(sqlite, brings_a_file_of_the_first_schema_up_to_date) {
  open();
  put(1);
  put(2);
  store_ = nullptr;
  {
    auto file = db::database::open(path_, db::access::create);
    ASSERT_TRUE(file.has_value());
    ASSERT_TRUE(file->execute("DROP TABLE sizes; DROP INDEX entries_by_digest;"
                              "ALTER TABLE entries DROP COLUMN type; PRAGMA user_version = 1")
                    .has_value());
  }
  reopen();
  EXPECT_EQ(get(1), text(1));
  put(3);
  EXPECT_EQ(store_->status().entries, 3u);
  EXPECT_GT(store_->status().bytes_by_type.value()[0], 0u);
}

/// Rows of the second schema have ids of their digests.
TEST_F(sqlite, brings_a_file_of_the_second_schema_up_to_date) {
  open();
  put(1);
  put(2);
  store_ = nullptr;
  {
    auto file = db::database::open(path_, db::access::create);
    ASSERT_TRUE(file.has_value());
    ASSERT_TRUE(file->execute("DROP INDEX entries_by_digest; UPDATE entries SET id = -9000000000000000000 WHERE id = 1;"
                              "UPDATE entries SET id = 9000000000000000000 WHERE id = 2; PRAGMA user_version = 2")
                    .has_value());
  }
  reopen();
  EXPECT_EQ(get(1), text(1));
  EXPECT_EQ(get(2), text(2));
  put(1);
  put(3);
  EXPECT_EQ(get(3), text(3));
  EXPECT_EQ(store_->status().entries, 3u) << "the one that was put again took its own place";
}

/// The third schema had triggers count what the writer counts now.
TEST_F(sqlite, brings_a_file_of_the_third_schema_up_to_date) {
  open();
  put(1);
  store_ = nullptr;
  {
    auto file = db::database::open(path_, db::access::create);
    ASSERT_TRUE(file.has_value());
    ASSERT_TRUE(file->execute("CREATE TRIGGER entry_added AFTER INSERT ON entries BEGIN"
                              "  UPDATE sizes SET entries = entries + 1; END;"
                              "CREATE TRIGGER entry_removed AFTER DELETE ON entries BEGIN"
                              "  UPDATE sizes SET entries = entries - 1; END;"
                              "PRAGMA user_version = 3")
                    .has_value());
  }
  reopen();
  put(1);
  put(2);
  EXPECT_EQ(store_->status().entries, 2u);
}

/// Whichever way entries come and go, the sizes of their types say what is there.
TEST_F(sqlite, counts_what_each_type_takes) {
  open();
  const auto put_typed = [this](int n, std::size_t size, std::chrono::seconds ttl) {
    entry::entry made =
        *sample{.n = n, .body = std::string(size, 'x'), .stored_at = clock_.seconds(), .ttl = ttl}.make();
    made.about.id.type = n % 2 == 0 ? entry::cache_type::llm : entry::cache_type::tts;
    store_->put(std::make_shared<const entry::entry>(std::move(made)));
  };
  const auto expect_entries = [this](std::uint64_t count, const char* after) {
    store_->flush();
    auto file = db::database::open(path_, db::access::read);
    ASSERT_TRUE(file.has_value());
    const auto wrong = file->number(
        "SELECT count(*) FROM sizes LEFT JOIN (SELECT type, count(*) AS n, sum(size + length(meta)) AS sum FROM "
        "entries "
        "GROUP BY type) USING(type) WHERE entries != coalesce(n, 0) OR bytes != coalesce(sum, 0)");
    EXPECT_EQ(wrong.value_or(-1), 0) << after;
    EXPECT_EQ(store_->status().entries, count) << after;
  };
  for (int n = 0; n < 8; ++n) put_typed(n, 100 + static_cast<std::size_t>(n), n < 3 ? 1min : 10h);
  expect_entries(8, "all were put");
  put_typed(5, 5000, 10h);
  expect_entries(8, "one took another's place");
  EXPECT_TRUE(net::run_to_end(store_->catalogue().erase(sample{.n = 7}.id().digest.hex())).value_or(false));
  expect_entries(7, "one was removed");
  EXPECT_TRUE(net::run_to_end(store_->catalogue().purge({.digest = sample{.n = 6}.id().digest})).has_value());
  expect_entries(6, "one was purged");
  clock_.advance(2h);
  expect_entries(3, "three were too old");
}

TEST_F(sqlite, evicts_what_was_used_the_longest_ago) {
  options_.max_bytes = {4 << 20};
  open();
  const auto body = std::string(30'000, 'x');
  for (int n = 0; n < 60; ++n) {
    store_->put(sample{.n = n, .body = body, .stored_at = clock_.seconds(), .ttl = 1000h}.make());
    store_->flush();
    clock_.advance(10s);
  }
  clock_.advance(2h);
  for (int n = 0; n < 10; ++n) EXPECT_EQ(get(n), body);
  store_->flush();
  clock_.advance(10s);
  for (int n = 60; n < 120; ++n) {
    store_->put(sample{.n = n, .body = body, .stored_at = clock_.seconds(), .ttl = 1000h}.make());
    store_->flush();
  }
  EXPECT_EQ(get(0), body);
  EXPECT_EQ(get(9), body);
  EXPECT_EQ(get(10), "(none)");
  EXPECT_EQ(get(30), "(none)");
  EXPECT_LE(std::filesystem::file_size(path_) + std::filesystem::file_size(path_ + "-wal"), 4u << 20);
}

TEST_F(sqlite, a_flood_of_counters_stays_within_the_bound_and_leaves_the_store_at_work) {
  options_.max_bytes = {2 << 20};
  open();
  std::uint64_t most = 0;
  for (int flood = 0; flood < 60; ++flood) {
    entry::counter_deltas names{{.day = 7, .name = "llm:openai:gpt-4o:hit", .amount = 1}};
    for (int i = 0; i < 200; ++i) {
      names.push_back(
          {.day = 7, .name = fmt::format("llm:{}:{}:{}:hit", flood, i, std::string(300, 'x')), .amount = 1});
    }
    store_->counters().add(std::move(names));
    store_->put(sample{.n = flood, .body = std::string(20'000, 'x'), .stored_at = clock_.seconds(), .ttl = 10h}.make());
    store_->flush();
    most = std::max(most, size_of(path_) + size_of(path_ + "-wal") + size_of(path_ + "-shm"));
  }
  EXPECT_LE(most, options_.max_bytes.value);
  EXPECT_EQ(store_->status().health, entry::store_health::ready);
  put(1000);
  EXPECT_EQ(get(1000), text(1000));
  const auto known = [this] {
    auto all = net::run_to_end(store_->counters().since(0)).value_or(entry::counter_deltas{});
    return std::ranges::find(all, "llm:openai:gpt-4o:hit", &entry::counter_delta::name) == all.end()
               ? 0
               : std::ranges::find(all, "llm:openai:gpt-4o:hit", &entry::counter_delta::name)->amount;
  };
  EXPECT_EQ(known(), 60) << "what was there first goes on being counted";

  // The next day has room again: the oldest goes.
  entry::counter_deltas next;
  for (int i = 0; i < 150; ++i) {
    next.push_back({.day = 8, .name = fmt::format("llm:{}:{}:hit", i, std::string(300, 'y')), .amount = 1});
  }
  store_->counters().add(std::move(next));
  store_->flush();
  EXPECT_EQ(known(), 0);
  EXPECT_EQ(net::run_to_end(store_->counters().since(0))->size(), 150U);
}

TEST_F(sqlite, a_lower_bound_shrinks_the_file) {
  open();
  for (int n = 0; n < 300; ++n) store_->put(sample{.n = n, .body = std::string(30'000, 'x')}.make());
  store_->flush();
  options_.max_bytes = {4 << 20};
  reopen();
  store_->flush();
  reopen();
  EXPECT_LE(std::filesystem::file_size(path_), 4u << 20);
  store_->flush();
  EXPECT_GT(store_->status().entries, 20u);
}

TEST_F(sqlite, the_expired_are_removed_from_the_file) {
  open();
  put(1);
  put(2);
  clock_.advance(10h + options_.keep_stale);
  store_->flush();
  EXPECT_EQ(store_->status().entries, 0u);
}

TEST_F(sqlite, reopens_a_file_that_was_deleted) {
  open();
  put(1);
  for (const auto* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + suffix);
  store_->flush();
  EXPECT_EQ(get(1), "(none)");
  put(2);
  EXPECT_EQ(get(2), text(2));
  EXPECT_TRUE(std::filesystem::exists(path_));
}

TEST_F(sqlite, lists_the_newest_first) {
  open();
  for (int n = 0; n < 5; ++n) {
    put(n);
    clock_.advance(1s);
  }
  const auto page = net::run_to_end(store_->catalogue().list({}, "", 2));
  ASSERT_EQ(page->entries.size(), 2u);
  EXPECT_EQ(page->entries[0].query, sample{.n = 4}.about().query);
  EXPECT_EQ(page->entries[1].query, sample{.n = 3}.about().query);
}

class sealed_sqlite : public sqlite {
 protected:
  sealed_sqlite() { seal("first secret", ""); }
  void seal(const char* current, const char* previous) {
    options_.sealer = entry::sealer(base::secret{current}, base::secret{previous});
  }
};

TEST_F(sealed_sqlite, nothing_plain_stands_in_the_file) {
  open();
  store_->put(sample{.n = 1, .tenant = "tenant-anna", .model = "model-large", .body = "body-text"}.make());
  store_->counters().add({{.day = 1, .name = "saved model-large", .amount = 1}});
  store_->flush();
  static_cast<void>(net::run_to_end(store_->catalogue().purge({.tenant = "tenant-bert"})));
  store_->flush();
  for (int i = 0; i < 2; ++i) {
    const auto bytes = raw();
    for (const auto* plain : {"tenant-anna", "tenant-bert", "model-large", "body-text", "What is", "openai", "saved"}) {
      EXPECT_EQ(bytes.find(plain), std::string::npos) << plain;
    }
    store_ = nullptr;  // and once more with the log written back
  }
  EXPECT_GT(raw().size(), 8192u);
}

TEST_F(sealed_sqlite, another_secret_misses_and_removes_nothing) {
  open();
  put(1);
  seal("second secret", "");
  reopen();
  EXPECT_EQ(get(1), "(none)");
  options_.sealer = entry::sealer();
  reopen();
  EXPECT_EQ(get(1), "(none)");
  EXPECT_TRUE(net::run_to_end(store_->catalogue().list({}, "", 10))->entries.empty());
  seal("first secret", "");
  reopen();
  EXPECT_EQ(get(1), text(1));
}

TEST_F(sealed_sqlite, another_secret_is_told_once_as_it_opens) {
  open();
  put(1);
  base::set_log(base::severity::info, base::log_format::text);
  const auto said_under = [&](const char* current, const char* previous) {
    seal(current, previous);
    testing::internal::CaptureStderr();
    reopen();
    get(1);
    store_ = nullptr;
    const auto said = testing::internal::GetCapturedStderr();
    const auto first = said.find("under another secret");
    return first == std::string::npos ? 0 : said.find("under another secret", first + 1) == std::string::npos ? 1 : 2;
  };
  EXPECT_EQ(said_under("second secret", ""), 1);
  EXPECT_EQ(said_under("", ""), 1);
  EXPECT_EQ(said_under("second secret", "first secret"), 0);
}

TEST_F(sealed_sqlite, the_previous_secret_reads_on) {
  open();
  put(1);
  store_->counters().add({{.day = 1, .name = "hits", .amount = 2}});
  seal("second secret", "first secret");
  reopen();
  EXPECT_EQ(get(1), text(1));
  store_->counters().add({{.day = 1, .name = "hits", .amount = 3}});
  store_->flush();
  const auto counters = net::run_to_end(store_->counters().since(0));
  ASSERT_EQ(counters->size(), 1u);
  EXPECT_EQ(counters->front().amount, 5);
}

TEST(network_file_systems, are_refused) {
  EXPECT_TRUE(is_network_file_system(0x6969));
  EXPECT_TRUE(is_network_file_system(static_cast<std::int32_t>(0xff534d42)));
  EXPECT_FALSE(is_network_file_system(0xef53)) << "ext4";
  EXPECT_FALSE(is_network_file_system(0x65735546)) << "FUSE";
}

}  // namespace
}  // namespace refrain::store
