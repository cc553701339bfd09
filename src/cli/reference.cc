#include "cli/reference.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>

#include "app/version.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/options.h"

namespace refrain::cli {
namespace {

constexpr std::string_view exit_codes =
    "0 done, 1 failed, 2 wrong usage. `run` exits as its command does: its status, "
    "128 and the number of the signal that ended it, 127 where it was not found.";

constexpr std::string_view settings_pointer =
    "Commands that load the configuration take a flag for each setting too; docs/reference/settings.md and `refrain "
    "config` list them.";

std::string spelling(const option_line& line) {
  const auto names = fmt::format("{}", fmt::join(line.names, ", "));
  if (line.is_argument) return fmt::format("<{}>", names);
  return line.value.empty() ? names : fmt::format("{} {}", names, line.value);
}

/// Calls `visit(app)` for the App and those within it.
void each_app(const CLI::App& app, auto visit) {
  visit(app);
  for (const auto* const within : nested(app)) each_app(*within, visit);
}

std::string markdown_cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, 1, '\\');
  return text;
}

std::string markdown_of(const CLI::App& app) {
  const bool is_nested = app.get_parent() != nullptr;
  auto text =
      fmt::format("\n{} {}\n\n{}.\n\n```\n{}\n```\n", is_nested ? "###" : "##",
                  is_nested ? fmt::format("{} {}", app.get_parent()->get_name(), app.get_name()) : app.get_name(),
                  app.get_description(), usage_of(app));
  text += "\n| option | meaning |\n|---|---|\n";
  for (const auto& line : options_of(app)) {
    if (!line.group.empty())
      text += fmt::format("| `{}` | {} |\n", markdown_cell(spelling(line)), markdown_cell(line.meaning));
  }
  return text;
}

/// Text as roff wants it: a dash that can be copied, no line that begins as a request.
std::string roff(std::string_view text) {
  std::string out;
  if (text.starts_with('.') || text.starts_with('\'')) out = "\\&";
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string manual_of(const CLI::App& app) {
  auto text = fmt::format(".SS {}\n{}.\n", roff(usage_of(app)), roff(app.get_description()));
  for (const auto& line : options_of(app)) {
    if (!line.group.empty()) text += fmt::format(".TP\n.B {}\n{}\n", roff(spelling(line)), roff(line.meaning));
  }
  return text;
}

}  // namespace

std::string reference_of_commands() {
  auto page = fmt::format(
      "# Commands\n\n<!-- Made by `refrain help --markdown`: change the commands in src/cli instead. -->\n\n{}\n\nExit "
      "codes: "
      "{}\n",
      settings_pointer, exit_codes);
  for (const auto& each : commands()) {
    command_line line(each);
    each_app(line.app(), [&page](const CLI::App& app) { page += markdown_of(app); });
  }
  return page;
}

std::string manual_page() {
  auto page = fmt::format(
      ".\\\" Made by `refrain help --man`.\n.TH REFRAIN 1 \"\" \"refrain {}\" \"User Commands\"\n.SH NAME\nrefrain \\- "
      "caching gateway for LLM and speech APIs\n.SH SYNOPSIS\n.B refrain\n<command> [options]\n.SH DESCRIPTION\nAn "
      "application points its base URL at Refrain instead of at its provider. Refrain forwards what it has not seen, "
      "records the answer, and replays it the next time.\n.SH COMMANDS\n{}\n",
      app::version, roff(settings_pointer));
  for (const auto& each : commands()) {
    command_line line(each);
    each_app(line.app(), [&page](const CLI::App& app) { page += manual_of(app); });
  }
  return page + fmt::format(".SH EXIT STATUS\n{}\n", roff(exit_codes));
}

}  // namespace refrain::cli
