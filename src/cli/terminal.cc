#include "cli/terminal.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

#include "base/text.h"

namespace refrain::cli {
namespace {

std::string_view variable(const char* name) noexcept {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

}  // namespace

bool prints_to_terminal() noexcept { return ::isatty(STDOUT_FILENO) == 1; }

std::optional<std::size_t> columns_to_print() noexcept {
  constexpr std::size_t fewest = 20;
  if (const auto said = base::to_integer<std::size_t>(variable("COLUMNS"))) return std::max(*said, fewest);
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return std::max<std::size_t>(size.ws_col, fewest);
}

bool complains_to_terminal() noexcept { return ::isatty(STDERR_FILENO) == 1; }

bool prints_in_colour() noexcept {
  return prints_to_terminal() && variable("NO_COLOR").empty() && variable("TERM") != "dumb";
}

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

bool can_ask() noexcept { return ::isatty(STDIN_FILENO) == 1; }

bool confirmed(std::string_view question) {
  fmt::print(stderr, "{} [y/N] ", question);
  std::string typed;
  std::getline(std::cin, typed);
  return base::equal_ignoring_case(base::trim(typed), "y") || base::equal_ignoring_case(base::trim(typed), "yes");
}

}  // namespace refrain::cli
