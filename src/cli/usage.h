#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace refrain::cli {

// One line each for a command line that is wrong: what is wrong, the nearest right word, and the way to help.

/// `refrain entries get`, where that was asked for.
[[nodiscard]] std::string full_name(const CLI::App& app);

/// No command of that name.
[[nodiscard]] std::string unknown_command(std::string_view word);

/// The line did not parse. `why` is the parser's own reason, told where it is not simply an unknown word.
[[nodiscard]] std::string usage_fault(const CLI::App& app, std::string_view why);

/// A command that takes the rest of the line as another command (`refrain run`) takes an unknown flag for its
/// beginning: says so. Empty where all is well.
[[nodiscard]] std::string misread_flag(const CLI::App& app);

}  // namespace refrain::cli
