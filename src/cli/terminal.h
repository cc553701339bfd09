#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace refrain::cli {

/// Whether standard output is a person's terminal.
[[nodiscard]] bool prints_to_terminal() noexcept;

/// Whether colours are wanted there: on a terminal that knows them, unless NO_COLOR is set (no-color.org).
[[nodiscard]] bool prints_in_colour() noexcept;

/// How many characters fit on a line of standard output: what COLUMNS says, else the terminal; nothing for what is
/// none.
[[nodiscard]] std::optional<std::size_t> columns_to_print() noexcept;

/// Whether standard error is a person's terminal.
[[nodiscard]] bool complains_to_terminal() noexcept;

/// Writes to standard output.
void print(std::string_view text);

/// Whether a person can answer: standard input is a terminal.
[[nodiscard]] bool can_ask() noexcept;

/// Asks on the terminal; true for yes.
[[nodiscard]] bool confirmed(std::string_view question);

}  // namespace refrain::cli
