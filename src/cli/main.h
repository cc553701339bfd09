#pragma once

#include <string>
#include <vector>

namespace refrain::cli {

/// Runs what the words after the program's name ask for, and returns the exit code: 0 done, 1 failed, 2 wrong usage;
/// `refrain run` returns its command's own. What leaves a command as an exception is a bug of ours: it is reported here
/// and nowhere else.
[[nodiscard]] int run_command_line(std::vector<std::string> words);

}  // namespace refrain::cli
