#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace refrain::cli {

/// A command with its options, ready to be parsed: what help, completion and documents read too.
class command_line {
 public:
  explicit command_line(const command& which);
  ~command_line();
  command_line(const command_line&) = delete;
  command_line& operator=(const command_line&) = delete;

  [[nodiscard]] CLI::App& app() noexcept { return *app_; }
  /// After parsing: does it, and returns the exit code.
  [[nodiscard]] base::result<int> run() const { return work_(); }

 private:
  std::unique_ptr<CLI::App> app_;
  action work_;
};

/// The heading of what goes by its place on the line.
inline constexpr std::string_view arguments_group = "Arguments";

/// An option or argument as a person reads of it.
struct option_line {
  std::vector<std::string> names;  ///< `-h`, `--help`; of an argument its one name
  std::string value;               ///< what follows it, `PATH`; empty for a switch
  std::string meaning;             ///< one sentence, with the default where one is shown
  std::string group;               ///< the heading it stands under; empty: left out of help
  bool is_argument = false;        ///< goes by its place instead of a name
};

/// All options of one App, its own help included, those of nested commands not.
[[nodiscard]] std::vector<option_line> options_of(const CLI::App& app);

/// The commands within a command (`entries get`).
[[nodiscard]] std::vector<const CLI::App*> nested(const CLI::App& app);

/// The nested command that a parsed line asked for; the App itself where there is none.
[[nodiscard]] const CLI::App& innermost(const CLI::App& app);

}  // namespace refrain::cli
