#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace refrain::app {

/// A gateway that runs, as commands need to know it.
struct running {
  std::string data_plane;   ///< `http://127.0.0.1:7337`, or https
  std::string admin_plane;  ///< empty where it is off
  std::string store;        ///< `sqlite:PATH` or a URL, never with a password
  std::string token_file;   ///< holds the admin plane's token; empty where another one is configured
  int pid = 0;
  base::sys_seconds started{};
};

/// `<state>/run/<pid>.json` (0600), there while it lives. One that cannot be written is logged: commands will not find
/// this gateway by themselves, and all else works.
class run_file {
 public:
  /// `what`: the addresses, the store, the token's file; the rest is filled in.
  run_file(const std::filesystem::path& state, running what);
  ~run_file();
  run_file(const run_file&) = delete;
  run_file& operator=(const run_file&) = delete;

 private:
  std::filesystem::path path_;
  bool written_ = false;
};

/// Tells one life of a process id from another: the boot it belongs to and when it began. Nothing where there is no
/// such process. On Linux from /proc (proc(5)).
using birth_of = std::function<std::optional<std::string>(int pid)>;
[[nodiscard]] std::optional<std::string> birth_of_process(int pid);

/// The gateways that run, the oldest first. Files of those that ended without removing theirs (a crash, a reboot, an id
/// that another process has now) are removed.
[[nodiscard]] std::vector<running> find_running(const std::filesystem::path& state,
                                                const birth_of& birth = birth_of_process);

}  // namespace refrain::app
