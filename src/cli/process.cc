#include "cli/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace refrain::cli {
namespace {

using base::errc;
using base::fail;

/// What execve takes: pointers into texts that must outlive them, and a null at the end.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (auto& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

/// The terminal signals its whole foreground group, so the child has got it: a second one could end it before it is
/// done cleaning up.
bool is_from_terminal(const siginfo_t& signal) { return signal.si_code == SI_KERNEL; }

int status_of(int from_wait) {
  constexpr int ended_by_signal = 128;
  return WIFSIGNALED(from_wait) ? ended_by_signal + WTERMSIG(from_wait) : WEXITSTATUS(from_wait);
}

}  // namespace

void raise_descriptor_limit() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

held_signals::held_signals(std::initializer_list<int> which) {
  sigemptyset(&held_);
  for (const int each : which) sigaddset(&held_, each);
  // A parent that ignores SIGCHLD hands that down, and then no child could be waited for.
  if (sigismember(&held_, SIGCHLD) == 1) std::signal(SIGCHLD, SIG_DFL);
  ::pthread_sigmask(SIG_BLOCK, &held_, &before_);
}

held_signals::~held_signals() {
  const timespec at_once{};
  while (::sigtimedwait(&held_, nullptr, &at_once) > 0) {
  }
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

siginfo_t held_signals::wait() const noexcept {
  siginfo_t signal{};
  while (::sigwaitinfo(&held_, &signal) < 0) {
  }
  return signal;
}

base::result<pid_t> start_child(std::vector<std::string> command, const child_options& how) {
  std::vector<std::string> lines;
  for (const auto& [name, value] : how.environment == nullptr ? variables{} : *how.environment) {
    lines.push_back(fmt::format("{}={}", name, value));
  }
  const auto arguments = pointers_to(command);
  const auto assignments = pointers_to(lines);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  if (how.mask != nullptr) {
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&attributes, how.mask);
  }
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  if (how.is_silent) {
    for (const int each : {STDOUT_FILENO, STDERR_FILENO}) {
      posix_spawn_file_actions_addopen(&files, each, "/dev/null", O_WRONLY, 0);
    }
  }
  if (how.kept >= 0) {
    posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&files, how.kept, how.kept_in.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  }
  pid_t child = 0;
  const int fault = posix_spawnp(&child, command.front().c_str(), &files, &attributes, arguments.data(),
                                 how.environment == nullptr ? environ : assignments.data());
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  if (fault == 0) return child;
  return fail(fault == ENOENT ? errc::not_found : errc::io,
              fmt::format("cannot run {}: {}", command.front(),
                          fault == ENOENT ? "command not found" : std::system_category().message(fault)));
}

base::result<int> run_child(const std::vector<std::string>& command, child_options how, const held_signals& signals) {
  how.mask = &signals.before();
  const auto child = TRY(start_child(command, how));
  while (true) {
    int status = 0;
    if (::waitpid(child, &status, WNOHANG) == child) return status_of(status);
    const auto signal = signals.wait();
    if (signal.si_signo != SIGCHLD && !is_from_terminal(signal)) ::kill(child, signal.si_signo);
  }
}

}  // namespace refrain::cli
