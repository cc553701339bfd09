// The documents about the commands.
#include "cli/help.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/version.h"
#include "cli/command_line.h"

namespace refrain::cli {
namespace {

constexpr std::string_view exit_codes =
    "0 done, 1 failed, 2 wrong usage. `run` exits as its command does: its status, "
    "128 and the number of the signal that ended it, 127 where it was not found.";

constexpr std::string_view settings_pointer =
    "Commands that load the configuration take a flag for each setting too; docs/reference/settings.md and `refrain "
    "config` list them.";

/// What `write` makes of every command and of those within it.
std::string of_all_commands(std::string (*write)(const CLI::App&)) {
  std::string text;
  for (const auto& each : commands()) {
    command_line line(each);
    text += write(line.app());
    for (const auto* const within : nested(line.app())) text += write(*within);
  }
  return text;
}

/// Of each option that help shows.
std::string of_options(const CLI::App& app, auto write) {
  std::string text;
  for (const auto* const option : app.get_options()) {
    if (!option->get_group().empty()) text += write(spelling_of(*option), meaning_of(*option));
  }
  return text;
}

std::string markdown_row(const std::string& spelling, const std::string& meaning) {
  return fmt::format("| `{}` | {} |\n", spelling, CLI::detail::find_and_replace(meaning, "|", "\\|"));
}

std::string markdown_of(const CLI::App& app) {
  return fmt::format("\n{} {}\n\n{}.\n\n```\n{}```\n\n| option | meaning |\n|---|---|\n{}",
                     app.get_parent() == nullptr ? "##" : "###", full_name(app), app.get_description(), usage_of(app),
                     of_options(app, markdown_row));
}

/// Text as roff wants it: a dash that can be copied, no line that begins as a request.
std::string roff(std::string text) {
  text = CLI::detail::find_and_replace(std::move(text), "\\", "\\e");
  text = CLI::detail::find_and_replace(std::move(text), "-", "\\-");
  return text.starts_with('.') || text.starts_with('\'') ? "\\&" + text : text;
}

std::string manual_row(const std::string& spelling, const std::string& meaning) {
  return fmt::format(".TP\n.B {}\n{}\n", roff(spelling), roff(meaning));
}

std::string manual_of(const CLI::App& app) {
  return fmt::format(".SS {}\n{}.\n.PP\n{}{}", roff(full_name(app)), roff(app.get_description()), roff(usage_of(app)),
                     of_options(app, manual_row));
}

}  // namespace

std::string reference_of_commands() {
  return fmt::format(
      "# Commands\n\n<!-- Made by `refrain help --markdown`: change the commands in src/cli instead. -->\n\n{}\n\nExit "
      "codes: {}\n{}",
      settings_pointer, exit_codes, of_all_commands(markdown_of));
}

std::string manual_page() {
  return fmt::format(
      ".\\\" Made by `refrain help --man`.\n.TH REFRAIN 1 \"\" \"refrain {}\" \"User Commands\"\n.SH NAME\nrefrain \\- "
      "caching gateway for LLM and speech APIs\n.SH SYNOPSIS\n.B refrain\ncommand [options]\n.SH DESCRIPTION\nAn "
      "application points its base URL at Refrain instead of at its provider. Refrain forwards what it has not seen, "
      "records the answer, and replays it the next time.\n.SH COMMANDS\n{}\n{}.SH EXIT STATUS\n{}\n",
      app::version, roff(std::string(settings_pointer)), of_all_commands(manual_of), roff(std::string(exit_codes)));
}

}  // namespace refrain::cli
