// Whose file it is, and what becomes of one that is damaged.
#include "store/sqlite_owner.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "db/sqlite.h"
#include "store/sqlite_store.h"
#include "support/store/sqlite_test.h"

namespace refrain::store {
namespace {

class sqlite_file : public sqlite_test {};

TEST_F(sqlite_file, a_file_that_was_never_ours_is_refused_and_left_as_it_is) {
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

TEST_F(sqlite_file, a_file_that_took_our_stores_place_is_left_as_it_is) {
  open();
  put(1);
  store_ = nullptr;
  std::ofstream(folder_.file("notes")) << "notes";
  std::filesystem::rename(folder_.file("notes"), path_);
  EXPECT_FALSE(sqlite_store::open(path_, options_).has_value());
  EXPECT_TRUE(set_aside().empty());
}

TEST_F(sqlite_file, a_store_whose_first_pages_are_gone_is_moved_aside) {
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

TEST_F(sqlite_file, a_store_of_which_nothing_is_left_is_known_by_the_mark_in_its_lock_file) {
  open();
  put(1);
  store_ = nullptr;
  if (mark_of(path_).empty()) GTEST_SKIP() << "this file system does not say when a file was made";
  scribble(0, std::filesystem::file_size(path_));
  open();
  EXPECT_EQ(get(1), "(none)");
  EXPECT_EQ(set_aside().size(), 1u);
}

TEST_F(sqlite_file, an_empty_file_becomes_a_store) {
  {
    const std::ofstream made{path_};
  }
  open();
  put(1);
  EXPECT_EQ(get(1), text(1));
}

TEST_F(sqlite_file, a_look_makes_no_file_and_moves_none) {
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

TEST_F(sqlite_file, a_damaged_schema_is_moved_aside) {
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

TEST_F(sqlite_file, a_file_found_corrupt_while_running_is_replaced) {
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

TEST_F(sqlite_file, a_byte_that_changed_on_disk_is_a_miss) {
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

TEST_F(sqlite_file, a_row_under_another_entrys_key_is_a_miss) {
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

TEST_F(sqlite_file, a_newer_schema_is_left_alone) {
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

TEST_F(sqlite_file, another_programs_database_is_left_alone) {
  {
    auto file = db::database::open(path_, db::access::create);
    ASSERT_TRUE(file->execute("CREATE TABLE users(name)").has_value());
  }
  const auto opened = sqlite_store::open(path_, options_);
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, base::errc::bad_config);
  EXPECT_TRUE(set_aside().empty());
}

}  // namespace
}  // namespace refrain::store
