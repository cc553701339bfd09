#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace refrain::config {

/// A variable of a `.env` file.
struct dot_env_variable {
  std::string name;
  std::string value;
  int line = 0;  ///< where it begins, from 1

  friend bool operator==(const dot_env_variable&, const dot_env_variable&) = default;
};

/// What a `.env` file says, in its order: of two lines with one name the later counts.
struct dot_env {
  std::vector<dot_env_variable> variables;
  std::vector<int> unreadable;  ///< lines that are no assignment, or have a quote that never ends
};

/// Reads a `.env` file as python-dotenv and set-up guides mean it:
///
/// - `NAME=value`, `export NAME=value`, blanks around name and value; no variable is expanded
/// - ` #` starts a comment, also where the value before it is empty; a # without a blank before it is text
/// - `'...'` and `"..."` keep blanks, # and line ends; `\\` and `\'` count in the former, `\\ \" \' \n \r \t` in the
/// latter
/// - LF, CRLF, and a byte-order mark
///
/// A line that cannot be read is left out: the file belongs to other programs too.
[[nodiscard]] dot_env read_dot_env(std::string_view text);

}  // namespace refrain::config
