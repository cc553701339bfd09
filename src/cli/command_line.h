#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"

namespace refrain::cli {

/// A command with its options, ready to be parsed; help, completion and documents read it too. It is an App of its own,
/// so that a start does not pay for the options of all the others.
class command_line {
 public:
  explicit command_line(const command& which);
  /// The line that names no command: `refrain --help`, `refrain --version`, and what is wrong.
  command_line();
  ~command_line();
  command_line(const command_line&) = delete;
  command_line& operator=(const command_line&) = delete;

  [[nodiscard]] CLI::App& app() noexcept { return *app_; }

  /// Parses the words and does what they ask for; returns the exit code. Help goes to standard output; why a command
  /// failed, or what is wrong with the words and which are the nearest right ones, on one line to standard error.
  [[nodiscard]] int run(std::vector<std::string> words);

 private:
  std::unique_ptr<CLI::App> app_;
  action action_;
};

/// The commands within a command (`entries get`).
[[nodiscard]] std::vector<const CLI::App*> nested(const CLI::App& app);

/// `refrain entries get`.
[[nodiscard]] std::string full_name(const CLI::App& app);

}  // namespace refrain::cli
