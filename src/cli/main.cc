#include "cli/main.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <string_view>

#include "app/version.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/reference.h"
#include "cli/usage.h"
#include "metrics/table.h"

namespace refrain::cli {
namespace {

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

int refuse(std::string_view line) {
  fmt::print(stderr, "{}\n", line);
  return exit_usage;
}

const command* find_command(std::string_view name) {
  const auto all = commands();
  const auto found = std::ranges::find(all, name, &command::name);
  return found == all.end() ? nullptr : &*found;
}

/// CLI11 takes the words from the back.
void parse(CLI::App& app, const std::vector<std::string>& words) {
  app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
}

/// The command has an App of its own, so that a start does not pay for the options of all the others.
int run_command(const command& which, const std::vector<std::string>& words) {
  command_line line(which);
  try {
    parse(line.app(), words);
    if (const auto fault = misread_flag(line.app()); !fault.empty()) return refuse(fault);
  } catch (const CLI::CallForHelp&) {
    print(help_of(innermost(line.app())));
    return exit_done;
  } catch (const CLI::ParseError& fault) {
    return refuse(usage_fault(line.app(), fault.what()));
  }
  return line.run();
}

struct document_flag {
  std::string_view flag;
  std::string (*document)();
};
constexpr std::array documents{document_flag{"--markdown", reference_of_commands}, document_flag{"--man", manual_page},
                               document_flag{"--metrics", metrics::reference_page}};

/// `refrain help`, `refrain help <command>`; the documents are for those who build and package.
int help(const std::vector<std::string>& words) {
  if (words.size() < 2) {
    print(help_of_all());
    return exit_done;
  }
  for (const auto& [flag, document] : documents) {
    if (words[1] != flag) continue;
    print(document());
    return exit_done;
  }
  const auto* const which = find_command(words[1]);
  if (which == nullptr) return refuse(unknown_command(words[1]));
  auto rest = std::vector<std::string>(words.begin() + 2, words.end());
  rest.emplace_back("--help");
  return run_command(*which, rest);
}

int dispatch(const std::vector<std::string>& words) {
  if (words.empty()) return refuse(help_of_all());
  const std::string_view first = words.front();
  if (first == "help" || first == "--help" || first == "-h") return help(words);
  if (first == "--version" || first == "-V") {
    fmt::print("refrain {}\n", app::version);
    return exit_done;
  }
  const auto* const which = find_command(first);
  if (which == nullptr) return refuse(unknown_command(first));
  return run_command(*which, {words.begin() + 1, words.end()});
}

}  // namespace

int run_command_line(std::vector<std::string> words) {
  try {
    return dispatch(words);
  } catch (const std::exception& bug) {
    fmt::print(stderr, "refrain: bug: {}; please report it with the line you typed and `refrain --version`\n",
               bug.what());
  } catch (...) {
    fmt::print(stderr, "refrain: bug: an unknown exception; please report it with the line you typed\n");
  }
  return exit_failed;
}

}  // namespace refrain::cli
