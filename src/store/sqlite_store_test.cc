#include "store/sqlite_store.h"

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

#include <sys/resource.h>

#include "base/log.h"
#include "store/sqlite_owner.h"
#include "store/sqlite_schema.h"
#include "support/base/manual_clock.h"
#include "support/net/run_to_end.h"
#include "support/store/fixtures.h"

namespace refrain::store {
namespace {

using namespace std::chrono_literals;

class sqlite : public testing::Test {
 protected:
  sqlite() { options_.clock = &clock_; }

  void open() {
    store_ = nullptr;
    auto opened = sqlite_store::open(path_, options_);
    ASSERT_TRUE(opened.has_value()) << opened.error().context;
    store_ = std::move(*opened);
  }
  /// As a process started later: it knows of no purge but what the file says.
  void reopen() {
    store_ = nullptr;
    options_.purges = std::make_shared<cache::purge_book>();
    open();
  }
  void put(int n) {
    store_->put(sample{.n = n, .stored_at = clock_.seconds(), .ttl = 10h}.make());
    store_->flush();
  }
  std::string get(int n) { return body_of(net::run_to_end(store_->get(sample{.n = n}.id())).value_or(nullptr)); }
  static std::string text(int n) { return sample{.n = n}.text(); }

  [[nodiscard]] std::vector<std::string> set_aside() const {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(std::filesystem::path(path_).parent_path())) {
      const auto name = file.path().filename().string();
      const bool log = name.ends_with("-wal") || name.ends_with("-shm");
      if (name.contains(".corrupt-") && !log) names.push_back(name);
    }
    return names;
  }
  [[nodiscard]] std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(std::filesystem::path(path_).parent_path())) {
      names.push_back(file.path().filename().string());
    }
    return names;
  }
  void scribble(std::uint64_t offset, std::size_t length, char fill = '\x5a') {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(offset));
    file << std::string(length, fill);
  }
  [[nodiscard]] std::string raw() const {
    std::string bytes;
    for (const auto* suffix : {"", "-wal"}) {
      std::ifstream file(path_ + suffix, std::ios::binary);
      bytes.append(std::istreambuf_iterator<char>(file), {});
    }
    return bytes;
  }

  base::manual_clock clock_;
  scratch_folder folder_;
  std::string path_ = folder_.file("cache.db");
  store_options options_;
  std::unique_ptr<sqlite_store> store_;
};

TEST_F(sqlite, a_file_that_was_never_ours_is_refused_and_left_as_it_is) {
  const std::string notes = "my notes, which mention opened_at and {\"version\":1,\"type\":\"llm\"}\n";
  for (const auto& content : {notes, std::string(20'000, 'x'), std::string(70'000, '\n') + notes,
                              std::string(70'000, '\0'), std::string{"SQLite format 3"}}) {
    std::ofstream(path_) << content;
    for (const bool as_found : {false, true}) {
      options_.as_found = as_found;
      const auto opened = sqlite_store::open(path_, options_);
      ASSERT_FALSE(opened.has_value());
      EXPECT_EQ(opened.error().code, base::errc::bad_config);
      EXPECT_TRUE(opened.error().context.contains("--store")) << opened.error().context;
    }
    EXPECT_EQ(raw(), content);
    EXPECT_EQ(files(), std::vector<std::string>{"cache.db"});
  }
}

TEST_F(sqlite, a_file_that_took_our_stores_place_is_left_as_it_is) {
  open();
  put(1);
  store_ = nullptr;
  std::ofstream(folder_.file("notes")) << "notes";
  std::filesystem::rename(folder_.file("notes"), path_);
  EXPECT_FALSE(sqlite_store::open(path_, options_).has_value());
  EXPECT_TRUE(set_aside().empty());
}

TEST_F(sqlite, a_store_whose_first_pages_are_gone_is_moved_aside) {
  for (const char fill : {'\0', '\x5a', '\n'}) {
    open();
    for (int n = 0; n < 50; ++n) store_->put(sample{.n = n}.make());
    store_->flush();
    store_ = nullptr;
    scribble(0, 5 * 8192, fill);
    // As a store is that was copied here.
    std::filesystem::remove(path_ + ".lock");
    open();
    put(1);
    EXPECT_EQ(get(1), text(1));
    EXPECT_EQ(set_aside().size(), 1u);
    for (const auto& name : set_aside()) std::filesystem::remove(folder_.file(name));
  }
}

TEST_F(sqlite, a_store_of_which_nothing_is_left_is_known_by_the_mark_in_its_lock_file) {
  open();
  put(1);
  store_ = nullptr;
  if (mark_of(path_).empty()) GTEST_SKIP() << "this file system does not say when a file was made";
  scribble(0, std::filesystem::file_size(path_));
  open();
  EXPECT_EQ(get(1), "(none)");
  EXPECT_EQ(set_aside().size(), 1u);
}

TEST_F(sqlite, an_empty_file_becomes_a_store) {
  {
    const std::ofstream made{path_};
  }
  open();
  put(1);
  EXPECT_EQ(get(1), text(1));
}

TEST_F(sqlite, a_look_makes_no_file_and_moves_none) {
  options_.as_found = true;
  EXPECT_FALSE(sqlite_store::open(path_, options_).has_value());
  EXPECT_TRUE(files().empty());

  options_.as_found = false;
  open();
  put(1);
  store_ = nullptr;
  for (const auto* const suffix : {"-wal", "-shm", ".lock"}) std::filesystem::remove(path_ + suffix);
  options_.as_found = true;
  open();
  EXPECT_EQ(get(1), text(1));
  store_ = nullptr;
  EXPECT_EQ(files(), std::vector<std::string>{"cache.db"});

  scribble(0, 6000);
  const auto opened = sqlite_store::open(path_, options_);
  ASSERT_FALSE(opened.has_value());
  EXPECT_TRUE(opened.error().context.contains("moves the damaged file aside")) << opened.error().context;
  EXPECT_EQ(files(), std::vector<std::string>{"cache.db"});
}

TEST_F(sqlite, a_damaged_schema_is_moved_aside) {
  open();
  put(1);
  store_ = nullptr;
  scribble(100, 6000);
  open();
  EXPECT_EQ(get(1), "(none)");
  put(1);
  EXPECT_EQ(get(1), text(1));
  EXPECT_EQ(set_aside().size(), 1u);
}

TEST_F(sqlite, a_file_found_corrupt_while_running_is_replaced) {
  open();
  for (int n = 0; n < 200; ++n) store_->put(sample{.n = n}.make());
  store_->flush();
  store_ = nullptr;
  // All but the pages that opening looks at.
  scribble(8 * 8192, std::filesystem::file_size(path_) - 8 * 8192);
  open();
  for (int n = 0; n < 200; ++n) {
    const auto found = get(n);
    EXPECT_TRUE(found == "(none)" || found == text(n));
  }
  store_->flush();
  put(1);
  EXPECT_EQ(get(1), text(1));
  EXPECT_EQ(set_aside().size(), 1u);
  EXPECT_EQ(store_->status().health, entry::store_health::ready);
}

TEST_F(sqlite, a_byte_that_changed_on_disk_is_a_miss) {
  open();
  store_->put(sample{.n = 1, .body = "the answer is forty-two"}.make());
  store_->flush();
  store_ = nullptr;
  const auto at = raw().find("forty-two");
  ASSERT_NE(at, std::string::npos);
  scribble(at, 1);
  open();
  EXPECT_EQ(get(1), "(none)");
  store_->flush();
  EXPECT_EQ(store_->status().entries, 0u);
  EXPECT_TRUE(set_aside().empty());
}

TEST_F(sqlite, a_row_under_another_entrys_key_is_a_miss) {
  open();
  put(1);
  put(2);
  store_ = nullptr;
  {
    auto file = db::database::open(path_, db::access::create);
    ASSERT_TRUE(file.has_value());
    const auto copied = file->execute(fmt::format(
        "UPDATE entries SET (meta, body, checksum) = (SELECT meta, body, checksum FROM entries WHERE digest = x'{}') "
        "WHERE digest = x'{}'",
        sample{.n = 2}.id().digest.hex(), sample{.n = 1}.id().digest.hex()));
    ASSERT_TRUE(copied.has_value());
  }
  open();
  EXPECT_EQ(get(1), "(none)");
  EXPECT_EQ(get(2), text(2));
}

TEST_F(sqlite, a_newer_schema_is_left_alone) {
  open();
  put(1);
  store_ = nullptr;
  {
    auto file = db::database::open(path_, db::access::create);
    ASSERT_TRUE(file->execute("PRAGMA user_version = 99").has_value());
  }
  const auto opened = sqlite_store::open(path_, options_);
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, base::errc::bad_config);
  EXPECT_NE(opened.error().context.find("newer version"), std::string::npos);
  EXPECT_TRUE(set_aside().empty());
}

TEST_F(sqlite, another_programs_database_is_left_alone) {
  {
    auto file = db::database::open(path_, db::access::create);
    ASSERT_TRUE(file->execute("CREATE TABLE users(name)").has_value());
  }
  const auto opened = sqlite_store::open(path_, options_);
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, base::errc::bad_config);
  EXPECT_TRUE(set_aside().empty());
}

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
    ASSERT_TRUE(file->execute("DROP TRIGGER entry_added; DROP TRIGGER entry_removed; DROP TABLE sizes;"
                              "DROP INDEX entries_by_digest;"
                              "ALTER TABLE entries DROP COLUMN type; PRAGMA user_version = 1")
                    .has_value());
  }
  reopen();
  EXPECT_EQ(get(1), text(1));
  put(3);
  EXPECT_EQ(store_->status().entries, 3u);
  EXPECT_GT(store_->status().bytes_by_type[0], 0u);
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
