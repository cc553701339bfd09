#pragma once

#include <string>

namespace CLI {
class App;
}

namespace refrain::cli {

/// What `refrain --help` prints: the commands, a line each, and how to begin.
[[nodiscard]] std::string help_of_all();

/// What `refrain <command> --help` prints: how it is called, its arguments and options by group. Options of an empty
/// group stay out; the footer says where they are.
[[nodiscard]] std::string help_of(const CLI::App& app);

/// `refrain entries get <key> [options]`.
[[nodiscard]] std::string usage_of(const CLI::App& app);

}  // namespace refrain::cli
