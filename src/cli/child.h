#pragma once

#include <csignal>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/child_environment.h"

namespace refrain::cli {

/// Keeps SIGINT, SIGTERM, SIGHUP, SIGQUIT and SIGCHLD from this thread, and from all that it starts, until it goes:
/// they are waited for instead. Make it before any other thread.
class held_signals {
 public:
  held_signals();
  ~held_signals();
  held_signals(const held_signals&) = delete;
  held_signals& operator=(const held_signals&) = delete;

  [[nodiscard]] const sigset_t& held() const noexcept { return held_; }
  /// The thread's mask as it was: what a child should have.
  [[nodiscard]] const sigset_t& before() const noexcept { return before_; }

 private:
  sigset_t held_{};
  sigset_t before_{};
};

/// Starts a command, found on PATH, with these variables, and waits for its end. Signals that a process sends to us are
/// passed on to it; those of the terminal reach it by themselves. Returns the exit status as shells tell it: the
/// command's own, or 128 and the number of the signal that ended it. Fails with not_found (126 or 127 to a shell) where
/// it cannot be started; the context names the command and the reason.
[[nodiscard]] base::result<int> run_child(const std::vector<std::string>& command, const variables& environment,
                                          const held_signals& signals);

}  // namespace refrain::cli
