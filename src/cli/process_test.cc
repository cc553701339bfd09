#include "cli/process.h"

#include <gtest/gtest.h>

#include <unistd.h>
#include <csignal>

#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>
#include <thread>

#include "support/temp_folder.h"

namespace refrain::cli {
namespace {

variables with_path() { return {{"PATH", std::getenv("PATH") == nullptr ? "/usr/bin:/bin" : std::getenv("PATH")}}; }

base::result<int> run_shell(const std::string& script, const variables& more = {}) {
  const held_signals signals{signals_of_a_child};
  auto environment = with_path();
  environment.insert(more.begin(), more.end());
  return run_child({"sh", "-c", script}, {.environment = &environment}, signals);
}

TEST(a_child, hands_its_exit_status_back) {
  EXPECT_EQ(run_shell("exit 0"), 0);
  EXPECT_EQ(run_shell("exit 3"), 3);
}

TEST(a_child, that_a_signal_ended_has_the_status_of_a_shell) {
  EXPECT_EQ(run_shell("kill -TERM $$"), 128 + SIGTERM);
  EXPECT_EQ(run_shell("kill -KILL $$"), 128 + SIGKILL);
}

TEST(a_child, that_is_not_there_is_told_by_name) {
  const held_signals signals{signals_of_a_child};
  const auto missing = run_child({"refrain-no-such-command"}, {}, signals);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, base::errc::not_found);
  EXPECT_EQ(missing.error().context, "cannot run refrain-no-such-command: command not found");
}

TEST(a_child, gets_its_words_as_they_are_and_the_environment_given) {
  EXPECT_EQ(run_shell("test \"$GIVEN\" = 'a b'", {{"GIVEN", "a b"}}), 0);
  const held_signals signals{signals_of_a_child};
  EXPECT_EQ(run_child({"sh", "-c", "test \"$1\" = '[a, b]'", "sh", "[a, b]"}, {}, signals), 0);
}

/// Reads from a pipe up to `word`, so that the test goes on once the child is ready.
void await(int from, std::string_view word) {
  std::string seen;
  char one = 0;
  while (!seen.contains(word) && ::read(from, &one, 1) == 1) seen += one;
}

TEST(a_child, is_sent_what_is_sent_to_us) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const held_signals signals{signals_of_a_child};
  const auto own = std::to_string(::getpid());
  std::thread sender([&] {
    await(pipe[0], "ready");
    ::kill(::getpid(), SIGTERM);
  });
  const auto script =
      "trap 'exit 42' TERM; printf ready >&" + std::to_string(pipe[1]) + "; while :; do sleep 0.01; done";
  EXPECT_EQ(run_child({"sh", "-c", script}, {}, signals), 42);
  sender.join();
  ::close(pipe[0]);
  ::close(pipe[1]);
}

TEST(a_child, has_what_it_says_kept_and_the_rest_shown_as_complaints) {
  const tests::temp_folder folder;
  const held_signals signals{signals_of_a_child};
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const std::vector<std::string> command{"sh", "-c", "echo said; echo complained >&2"};
  EXPECT_EQ(run_child(command, {.kept = STDERR_FILENO, .kept_in = folder.file("said")}, signals), 0);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "said\n");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  std::ifstream kept{folder.file("said")};
  EXPECT_EQ((std::string{std::istreambuf_iterator<char>{kept}, {}}), "complained\n");
}

TEST(a_child, has_the_signal_mask_that_we_were_started_with) {
  // A shell starts what runs behind it with SIGINT ignored, and so would its children be.
  const auto before = std::signal(SIGINT, SIG_DFL);
  EXPECT_EQ(run_shell("sh -c 'kill -INT $$; exit 0'"), 128 + SIGINT) << "not held back from it";
  std::signal(SIGINT, before);
}

}  // namespace
}  // namespace refrain::cli
