#include "db/sqlite.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace refrain::db {
namespace {

class an_sqlite_file : public testing::Test {
 protected:
  an_sqlite_file() {
    std::string name = (std::filesystem::temp_directory_path() / "refrain-db-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    path_ = (folder_ / "test.db").string();
  }
  ~an_sqlite_file() override { std::filesystem::remove_all(folder_); }

  database open(access how = access::create) {
    auto opened = database::open(path_, how);
    EXPECT_TRUE(opened.has_value());
    return std::move(*opened);
  }

  std::filesystem::path folder_;
  std::string path_;
};

TEST_F(an_sqlite_file, gives_back_numbers_and_any_bytes) {
  auto file = open();
  ASSERT_TRUE(file.execute("CREATE TABLE t(a, b)"));
  auto insert = file.prepare("INSERT INTO t VALUES(?1, ?2)");
  const std::string bytes{"\0\xff text", 7};
  ASSERT_TRUE(insert->bind(std::int64_t{-5}, std::string_view{bytes}).run());
  EXPECT_EQ(insert->bind(std::int64_t{6}, std::string_view{}).run(), 1);

  auto query = file.prepare("SELECT a, b FROM t ORDER BY a");
  ASSERT_TRUE(query->step().value());
  EXPECT_EQ(query->number(0), -5);
  EXPECT_EQ(query->bytes(1), bytes);
  ASSERT_TRUE(query->step().value());
  EXPECT_EQ(query->bytes(1), "");
  EXPECT_FALSE(query->step().value());
  EXPECT_EQ(file.number("SELECT count(*) FROM t WHERE b IS NULL"), 0) << "empty is not NULL";
}

TEST_F(an_sqlite_file, a_transaction_is_rolled_back_unless_committed) {
  auto file = open();
  ASSERT_TRUE(file.execute("CREATE TABLE t(a)"));
  {
    auto all = transaction::begin(file);
    ASSERT_TRUE(all.has_value());
    ASSERT_TRUE(file.execute("INSERT INTO t VALUES(1)"));
  }
  EXPECT_EQ(file.number("SELECT count(*) FROM t"), 0);
  {
    auto all = transaction::begin(file);
    ASSERT_TRUE(file.execute("INSERT INTO t VALUES(1)"));
    ASSERT_TRUE(all->commit());
  }
  EXPECT_EQ(file.number("SELECT count(*) FROM t"), 1);
}

TEST_F(an_sqlite_file, says_in_its_own_words_what_is_wrong) {
  auto file = open();
  const auto wrong = file.execute("SELEKT 1");
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().code, base::errc::internal);
  EXPECT_NE(wrong.error().context.find("syntax error"), std::string::npos);
  EXPECT_FALSE(file.prepare("SELECT * FROM nothing").has_value());
}

TEST_F(an_sqlite_file, that_is_none_is_corrupt) {
  std::ofstream(path_) << std::string(5000, 'x');
  auto file = open();
  EXPECT_EQ(file.number("SELECT count(*) FROM sqlite_schema").error().code, base::errc::store_corrupt);
}

TEST_F(an_sqlite_file, that_reached_its_bound_is_full) {
  auto file = open();
  ASSERT_TRUE(file.execute("CREATE TABLE t(a); PRAGMA max_page_count = 5"));
  const auto full = file.execute("INSERT INTO t VALUES(zeroblob(100000))");
  ASSERT_FALSE(full.has_value());
  EXPECT_EQ(full.error().code, base::errc::store_full);
}

TEST_F(an_sqlite_file, that_another_connection_writes_is_busy) {
  auto first = open();
  auto second = open();
  ASSERT_TRUE(second.execute("PRAGMA busy_timeout = 1"));
  const auto held = transaction::begin(first);
  const auto refused = transaction::begin(second);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, base::errc::store_unavailable);
  EXPECT_TRUE(refused.error().retry);
}

TEST_F(an_sqlite_file, for_reading_must_be_there_and_is_not_written) {
  EXPECT_EQ(database::open(path_, access::read).error().code, base::errc::io);
  ASSERT_TRUE(open().execute("CREATE TABLE t(a)"));
  auto file = open(access::read);
  EXPECT_FALSE(file.execute("INSERT INTO t VALUES(1)").has_value());
  EXPECT_EQ(file.number("SELECT count(*) FROM t"), 0);
}

TEST_F(an_sqlite_file, keeps_its_log_when_the_last_connection_closes) {
  ASSERT_EQ(open().text("PRAGMA journal_mode = WAL"), "wal");
  ASSERT_TRUE(open().execute("CREATE TABLE t(a)"));
  EXPECT_TRUE(std::filesystem::exists(path_ + "-wal"));
}

}  // namespace
}  // namespace refrain::db
