#pragma once

#include <csignal>
#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace refrain::cli {

using variables = std::map<std::string, std::string>;

/// A connection takes a descriptor, and the usual soft limit is 1,024: as many as the system lets us have.
void raise_descriptor_limit() noexcept;

/// Keeps signals from this thread, and from all that it starts, until it goes: they are waited for instead. Make it
/// before any other thread.
class held_signals {
 public:
  explicit held_signals(std::initializer_list<int> which);
  /// Those that have arrived meanwhile are dropped.
  ~held_signals();
  held_signals(const held_signals&) = delete;
  held_signals& operator=(const held_signals&) = delete;

  [[nodiscard]] const sigset_t& held() const noexcept { return held_; }
  /// The thread's mask as it was: what a child should have.
  [[nodiscard]] const sigset_t& before() const noexcept { return before_; }

  /// Waits for one of them.
  [[nodiscard]] siginfo_t wait() const noexcept;

 private:
  sigset_t held_{};
  sigset_t before_{};
};

/// How a child differs from this process.
struct child_options {
  const variables* environment = nullptr;  ///< its own, in place of ours
  const sigset_t* mask = nullptr;          ///< of signals, in place of ours
  bool is_silent = false;                  ///< what it writes to standard output and error is dropped
  int kept = -1;        ///< a descriptor: what it writes there goes to `kept_in`, and standard output else to error
  std::string kept_in;  ///< a file, made anew
};

/// Starts a command, found on PATH. Fails with not_found or io; the context names the command and the reason.
[[nodiscard]] base::result<pid_t> start_child(std::vector<std::string> command, const child_options& how);

/// The signals that run_child waits for: what is passed on to the child, and its end.
inline constexpr std::initializer_list<int> signals_of_a_child{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD};

/// Starts a command and waits for its end. Signals that a process sends to us are passed on to it;
/// those of the terminal reach it by themselves. Returns the exit status as shells tell it: the command's own, or 128
/// and the number of the signal that ended it. Fails as start_child (126 or 127 to a shell).
[[nodiscard]] base::result<int> run_child(const std::vector<std::string>& command, child_options how,
                                          const held_signals& signals);

}  // namespace refrain::cli
