#include "cli/main.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>

#include "cli/command_line.h"
#include "cli/reference.h"
#include "cli/terminal.h"

namespace refrain::cli {
namespace {

int dispatch(std::vector<std::string> words) {
  command_line without_command;
  if (words.empty()) {
    fmt::print(stderr, "{}", without_command.app().help());
    return exit_usage;
  }
  // `refrain help serve` is `refrain serve --help`.
  if (words.front() == "help") words.front() = "--help";
  if (words.front() == "--help" || words.front() == "-h") std::ranges::rotate(words, words.begin() + 1);
  const auto all = commands();
  const auto which = std::ranges::find(all, words.front(), &command::name);
  if (which == all.end()) return without_command.run({words.front()});
  return command_line{*which}.run({words.begin() + 1, words.end()});
}

}  // namespace

int run_command_line(std::vector<std::string> words) {
  try {
    // The documents are for those who build and package.
    if (words == std::vector<std::string>{"help", "--markdown"}) return print(reference_of_commands()), exit_done;
    if (words == std::vector<std::string>{"help", "--man"}) return print(manual_page()), exit_done;
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
