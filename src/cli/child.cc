#include "cli/child.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace refrain::cli {
namespace {

using base::errc;
using base::fail;

constexpr std::array passed_on{SIGINT, SIGTERM, SIGHUP, SIGQUIT};

/// What execve takes: pointers into texts that must outlive them, and a null at the end.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (auto& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

base::result<pid_t> start(std::vector<std::string> command, const variables& environment, const sigset_t& mask) {
  std::vector<std::string> lines;
  for (const auto& [name, value] : environment) lines.push_back(fmt::format("{}={}", name, value));
  const auto arguments = pointers_to(command);
  const auto assignments = pointers_to(lines);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setsigmask(&attributes, &mask);
  pid_t child = 0;
  const int fault =
      posix_spawnp(&child, command.front().c_str(), nullptr, &attributes, arguments.data(), assignments.data());
  posix_spawnattr_destroy(&attributes);
  if (fault == 0) return child;
  return fail(fault == ENOENT ? errc::not_found : errc::io,
              fmt::format("cannot run {}: {}", command.front(),
                          fault == ENOENT ? "command not found" : std::system_category().message(fault)));
}

/// The terminal signals its whole foreground group, so the child has got it: a second one could end it before it is
/// done cleaning up.
bool is_from_terminal(const siginfo_t& signal) { return signal.si_code == SI_KERNEL; }

int status_of(int from_wait) {
  constexpr int ended_by_signal = 128;
  return WIFSIGNALED(from_wait) ? ended_by_signal + WTERMSIG(from_wait) : WEXITSTATUS(from_wait);
}

int wait_for(pid_t child, const sigset_t& signals) {
  while (true) {
    int status = 0;
    if (::waitpid(child, &status, WNOHANG) == child) return status_of(status);
    siginfo_t signal{};
    if (::sigwaitinfo(&signals, &signal) < 0 || signal.si_signo == SIGCHLD) continue;
    if (!is_from_terminal(signal)) ::kill(child, signal.si_signo);
  }
}

}  // namespace

held_signals::held_signals() {
  // A parent that ignores SIGCHLD hands that down, and then no child could be waited for.
  std::signal(SIGCHLD, SIG_DFL);
  sigemptyset(&held_);
  for (const int each : passed_on) sigaddset(&held_, each);
  sigaddset(&held_, SIGCHLD);
  ::pthread_sigmask(SIG_BLOCK, &held_, &before_);
}

held_signals::~held_signals() {
  // What arrived meanwhile was meant for the child, and is done with.
  const timespec at_once{};
  while (::sigtimedwait(&held_, nullptr, &at_once) > 0) {
  }
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

base::result<int> run_child(const std::vector<std::string>& command, const variables& environment,
                            const held_signals& signals) {
  const auto child = start(command, environment, signals.before());
  if (!child) return fail(child.error());
  return wait_for(*child, signals.held());
}

}  // namespace refrain::cli
