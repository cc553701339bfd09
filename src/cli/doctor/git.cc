#include "cli/doctor/git.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>

namespace refrain::cli {

bool is_tracked_by_git(const std::filesystem::path& file) {
  std::string folder = file.parent_path().empty() ? "." : file.parent_path().string();
  std::string name = file.filename().string();
  std::array<std::string, 6> words{"git", "-C", folder, "ls-files", "--error-unmatch", "--"};
  std::array<char*, 8> arguments{};
  for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
  arguments[words.size()] = name.data();

  // Its output is for nobody: the exit status says it.
  posix_spawn_file_actions_t silence;
  posix_spawn_file_actions_init(&silence);
  for (const int each : {STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&silence, each, "/dev/null", O_WRONLY, 0);
  }
  pid_t child = 0;
  const int fault = posix_spawnp(&child, "git", &silence, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&silence);
  int status = 0;
  return fault == 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace refrain::cli
