#include "base/private_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace refrain::base {
namespace {

namespace fs = std::filesystem;

class private_files : public testing::Test {
 protected:
  private_files() {
    std::string name = (fs::temp_directory_path() / "refrain-private-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~private_files() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string read(const fs::path& path) const {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
  }
  [[nodiscard]] static fs::perms mode(const fs::path& path) { return fs::status(path).permissions(); }

  fs::path folder_;
};

TEST_F(private_files, are_their_owners_alone) {
  const auto state = folder_ / "deep" / "state";
  ASSERT_TRUE(make_private_folder(state));
  EXPECT_EQ(mode(state), fs::perms::owner_all);
  ASSERT_TRUE(write_private_file(state / "token", "secret", if_exists::keep));
  EXPECT_EQ(mode(state / "token"), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(read(state / "token"), "secret");
}

TEST_F(private_files, replace_or_keep_what_is_there_and_leave_no_drafts) {
  EXPECT_EQ(write_private_file(folder_ / "one", "first", if_exists::keep), true);
  EXPECT_EQ(write_private_file(folder_ / "one", "second", if_exists::keep), false);
  EXPECT_EQ(read(folder_ / "one"), "first");
  EXPECT_EQ(write_private_file(folder_ / "one", "third", if_exists::replace), true);
  EXPECT_EQ(read(folder_ / "one"), "third");
  EXPECT_EQ(std::distance(fs::directory_iterator{folder_}, fs::directory_iterator{}), 1);
}

TEST_F(private_files, lose_the_rights_that_others_had) {
  std::ofstream{folder_ / "open"} << "x";
  fs::permissions(folder_ / "open", fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read);
  EXPECT_EQ(make_private(folder_ / "open"), true);
  EXPECT_EQ(mode(folder_ / "open"), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(make_private(folder_ / "open"), false);
  fs::permissions(folder_, fs::perms::all);
  EXPECT_TRUE(make_private_folder(folder_));
  EXPECT_EQ(mode(folder_), fs::perms::owner_all);
}

TEST_F(private_files, say_what_is_in_the_way) {
  std::ofstream{folder_ / "file"} << "x";
  EXPECT_EQ(make_private_folder(folder_ / "file").error().code, errc::io);
  EXPECT_EQ(make_private_folder(folder_ / "file" / "below").error().code, errc::io);
  EXPECT_EQ(write_private_file(folder_ / "missing" / "x", "x", if_exists::replace).error().code, errc::io);
  EXPECT_EQ(make_private(folder_ / "missing").error().code, errc::io);
}

}  // namespace
}  // namespace refrain::base
