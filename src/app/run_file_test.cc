#include "app/run_file.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace refrain::app {
namespace {

namespace fs = std::filesystem;

class run_files : public testing::Test {
 protected:
  run_files() {
    std::string name = (fs::temp_directory_path() / "refrain-run-XXXXXX").string();
    state_ = fs::path{::mkdtemp(name.data())} / "state";
  }
  ~run_files() override { fs::remove_all(state_.parent_path()); }

  [[nodiscard]] fs::path path_of(int pid) const { return state_ / "run" / fmt::format("{}.json", pid); }

  /// As a gateway of that id, born then, would have left it.
  void leave(int pid, std::string_view birth, int started = 1000) const {
    fs::create_directories(state_ / "run");
    std::ofstream{path_of(pid)} << fmt::format(
        R"({{"pid":{},"birth":"{}","started":{},"data_plane":"http://127.0.0.1:7337","admin_plane":"127.0.0.1:{}"}})",
        pid, birth, started, pid);
  }

  fs::path state_;
};

/// As if all processes up to 100 lived, each born at its own time.
std::optional<std::string> births(int pid) {
  if (pid > 100) return std::nullopt;
  return fmt::format("boot {}", pid);
}

TEST_F(run_files, are_there_while_the_gateway_runs) {
  {
    const run_file mine{state_,
                        {.data_plane = "https://127.0.0.1:1",
                         .admin_plane = "127.0.0.1:2",
                         .store = "memory:",
                         .token_file = "/somewhere/admin-token"}};
    EXPECT_EQ(fs::status(path_of(::getpid())).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    const auto found = find_running(state_);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].data_plane, "https://127.0.0.1:1");
    EXPECT_EQ(found[0].admin_plane, "127.0.0.1:2");
    EXPECT_EQ(found[0].store, "memory:");
    EXPECT_EQ(found[0].token_file, "/somewhere/admin-token");
    EXPECT_EQ(found[0].pid, ::getpid());
    EXPECT_NE(found[0].started, base::sys_seconds{});
  }
  EXPECT_FALSE(fs::exists(path_of(::getpid())));
  EXPECT_TRUE(find_running(state_).empty());
}

TEST_F(run_files, of_the_dead_are_dropped) {
  leave(7, "boot 7");
  leave(8, "an earlier boot 8");
  leave(101, "boot 101");
  std::ofstream{path_of(9)} << "nonsense";
  std::ofstream{path_of(10)} << R"({"pid":7,"birth":"boot 7"})";
  const auto found = find_running(state_, births);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].pid, 7);
  EXPECT_EQ(std::distance(fs::directory_iterator{state_ / "run"}, fs::directory_iterator{}), 1);
}

TEST_F(run_files, are_listed_oldest_first) {
  leave(1, "boot 1", 300);
  leave(2, "boot 2", 100);
  leave(3, "boot 3", 200);
  std::vector<int> order;
  for (const auto& one : find_running(state_, births)) order.push_back(one.pid);
  EXPECT_EQ(order, (std::vector{2, 3, 1}));
}

TEST_F(run_files, leave_other_files_alone) {
  fs::create_directories(state_ / "run");
  std::ofstream{state_ / "run" / "notes.txt"} << "x";
  std::ofstream{state_ / "run" / "7.json.99-1.new"} << "half";
  EXPECT_TRUE(find_running(state_, births).empty());
  EXPECT_EQ(std::distance(fs::directory_iterator{state_ / "run"}, fs::directory_iterator{}), 2);
}

TEST(birth, is_the_same_for_a_process_and_none_for_nobody) {
  EXPECT_TRUE(birth_of_process(::getpid()));
  EXPECT_EQ(birth_of_process(::getpid()), birth_of_process(::getpid()));
  EXPECT_NE(birth_of_process(::getpid()), birth_of_process(1));
  EXPECT_FALSE(birth_of_process(1 << 30));
}

}  // namespace
}  // namespace refrain::app
