#pragma once

#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "base/result.h"
#include "config/load.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace refrain::cli {

/// The flags of all settings on a command: `--listen`, `--server-drain`, `--no-cache`, and `--config` for the file.
/// `--set KEY=VALUE` reaches what has no flag of its own, such as an upstream with a name of one's own.
/// Read it after the command line is parsed, while the App lives.
class setting_flags {
 public:
  /// Adds the flags; `--help` shows the common ones and says where the others are.
  explicit setting_flags(CLI::App& app);

  /// What the command line gave, in the order of the table; `--set` comes first, so that a flag wins over it. Fails
  /// with bad_usage on a `--set` without an equals sign.
  [[nodiscard]] base::result<std::vector<config::flag_value>> given() const;

  /// The file that `--config` names.
  [[nodiscard]] std::optional<std::filesystem::path> config_file() const;

  /// The configuration, with these flags over the other sources. `before`: flags that a command adds as its own
  /// defaults, over the other sources too.
  [[nodiscard]] base::result<config::loaded> load(const config::environment& from,
                                                  std::vector<config::flag_value> before = {}) const;

 private:
  std::vector<std::pair<config::flag_row, const CLI::Option*>> flags_;
  const CLI::Option* config_ = nullptr;
  const CLI::Option* set_ = nullptr;
};

}  // namespace refrain::cli
