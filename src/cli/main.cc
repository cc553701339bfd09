#include "cli/main.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>

#include "cli/command_line.h"
#include "cli/help.h"
#include "cli/terminal.h"

namespace refrain::cli {
namespace {

int dispatch(std::vector<std::string> words) {
  if (words.empty()) {
    fmt::print(stderr, "{}", command_line{}.app().help());
    return exit_usage;
  }
  // The documents are for those who build and package.
  if (words.front() == "help" && words.back() == "--markdown") {
    print(reference_of_commands());
    return exit_done;
  }
  if (words.front() == "help" && words.back() == "--man") {
    print(manual_page());
    return exit_done;
  }
  // `refrain help serve` is `refrain serve --help`.
  if (words.front() == "help") words.front() = "--help";
  if (words.front() == "--help" || words.front() == "-h") std::ranges::rotate(words, words.begin() + 1);
  const auto all = commands();
  const auto which = std::ranges::find(all, words.front(), &command::name);
  if (which == all.end()) return command_line{}.run({words.front()});
  return command_line{*which}.run({words.begin() + 1, words.end()});
}

}  // namespace

int run_command_line(std::vector<std::string> words) {
  try {
    return dispatch(std::move(words));
  } catch (const std::exception& bug) {
    fmt::print(stderr, "refrain: bug: {}; please report it with the line you typed and `refrain --version`\n",
               bug.what());
  } catch (...) {
    fmt::print(stderr, "refrain: bug: an unknown exception; please report it with the line you typed\n");
  }
  return exit_failed;
}

}  // namespace refrain::cli
