#pragma once

#include <string>

namespace refrain::cli {

// Completion scripts, made from the table of commands and their options, so that they cannot go stale. They complete
// commands, commands within commands, flags (those of settings too), and files as values; after `refrain run --` they
// leave the line to the command that stands there.

/// For bash 4 and later: `source <(refrain completion bash)`.
[[nodiscard]] std::string bash_completion();

/// For zsh: a file `_refrain` on its fpath, or `source <(refrain completion zsh)`.
[[nodiscard]] std::string zsh_completion();

}  // namespace refrain::cli
