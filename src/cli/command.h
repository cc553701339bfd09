#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.h"

namespace CLI {
class App;
}

namespace refrain::cli {

/// Exit codes of every command.
inline constexpr int exit_done = 0;
inline constexpr int exit_failed = 1;
inline constexpr int exit_usage = 2;

/// What a command does once its options are parsed. It returns its exit code; an error is printed by run_command_line,
/// and is wrong usage where its code is bad_usage or malformed_request, a failure otherwise.
using action = std::function<base::result<int>()>;

/// The usual action: `Flags` declares its options as it is constructed with the App, and `run` is called with them.
template <class Flags>
[[nodiscard]] action make_action(CLI::App& app, base::result<int> (*run)(const Flags&)) {
  return [flags = std::make_shared<const Flags>(app), run] { return run(*flags); };
}

/// One row of the table of commands.
struct command {
  std::string_view name;
  std::string_view summary;         ///< one line of `refrain --help`
  action (*attach)(CLI::App& app);  ///< adds the command's options
};

/// All commands in the order in which `refrain --help` lists them.
[[nodiscard]] std::span<const command> commands() noexcept;

// One file a command, cli/<name>.cc; doctor/ holds its checks too, encoder/ what fetches, transfer/ export and import.
action attach_serve(CLI::App& app);
action attach_run(CLI::App& app);
action attach_mock(CLI::App& app);
action attach_stats(CLI::App& app);
action attach_entries(CLI::App& app);
action attach_feedback(CLI::App& app);
action attach_purge(CLI::App& app);
action attach_semantic(CLI::App& app);
action attach_export(CLI::App& app);
action attach_import(CLI::App& app);
action attach_config(CLI::App& app);
action attach_encoder(CLI::App& app);
action attach_doctor(CLI::App& app);
action attach_completion(CLI::App& app);

}  // namespace refrain::cli
