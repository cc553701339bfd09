#pragma once

#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace refrain::cli {

/// The flags that choose entries: `--model`, `--tag`, `--older-than` and so on, as the admin API names them. Read it
/// after the command line is parsed, while the App lives.
class filter_flags {
 public:
  /// `with_text`: also `--text`, which only listings know.
  filter_flags(CLI::App& app, bool with_text);

  [[nodiscard]] bool empty() const { return given().empty(); }

  /// `&model=gpt-4o&older_than=2h`, to follow other parameters; empty for none.
  [[nodiscard]] std::string query() const;

  /// `{"model":"gpt-4o","older_than":"2h"}`
  [[nodiscard]] std::string json() const;

 private:
  using parameter = std::pair<std::string, std::string>;
  [[nodiscard]] std::vector<parameter> given() const;

  std::vector<std::pair<std::string, const CLI::Option*>> options_;  ///< by the API's name
};

}  // namespace refrain::cli
