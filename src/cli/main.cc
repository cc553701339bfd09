#include "cli/main.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <exception>

#include "cli/command_line.h"
#include "cli/help.h"
#include "cli/terminal.h"
#include "metrics/table.h"

namespace refrain::cli {
namespace {

/// `refrain help --man` and the like: for those who build and package.
struct document_flag {
  std::string_view flag;
  std::string (*document)();
};
constexpr std::array documents{document_flag{"--markdown", reference_of_commands}, document_flag{"--man", manual_page},
                               document_flag{"--metrics", metrics::reference_page}};

const document_flag* find_document(const std::vector<std::string>& words) {
  if (words.size() != 2 || words.front() != "help") return nullptr;
  const auto* const one = std::ranges::find(documents, words.back(), &document_flag::flag);
  return one == documents.end() ? nullptr : one;
}

int dispatch(std::vector<std::string> words) {
  if (words.empty()) {
    fmt::print(stderr, "{}", command_line{}.app().help());
    return exit_usage;
  }
  if (const auto* const one = find_document(words)) {
    print(one->document());
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
