#pragma once

#include <functional>
#include <span>
#include <string_view>

namespace CLI {
class App;
}

namespace refrain::cli {

/// Exit codes of every command.
inline constexpr int exit_done = 0;
inline constexpr int exit_failed = 1;
inline constexpr int exit_usage = 2;

/// One row of the table of commands. `attach` adds the command's options to its (CLI11) subcommand and returns what is
/// to run once they are parsed; options live in a shared_ptr that both hold.
struct command {
  std::string_view name;
  std::string_view summary;  ///< one line of `refrain --help`
  std::function<int()> (*attach)(CLI::App& app);
};

/// All commands in the order in which `refrain --help` lists them.
[[nodiscard]] std::span<const command> commands() noexcept;

// One file a command: cli/<name>.cc.
std::function<int()> attach_serve(CLI::App& app);
std::function<int()> attach_run(CLI::App& app);
std::function<int()> attach_mock(CLI::App& app);
std::function<int()> attach_stats(CLI::App& app);
std::function<int()> attach_entries(CLI::App& app);
std::function<int()> attach_purge(CLI::App& app);
std::function<int()> attach_export(CLI::App& app);
std::function<int()> attach_import(CLI::App& app);
std::function<int()> attach_config(CLI::App& app);
std::function<int()> attach_doctor(CLI::App& app);
std::function<int()> attach_bench(CLI::App& app);
std::function<int()> attach_completion(CLI::App& app);

}  // namespace refrain::cli
