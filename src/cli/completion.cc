// refrain completion: the completion script of a shell, made from the table of commands and their options, so that it
// cannot go stale. It completes commands, commands within commands, flags (those of settings too), and files as values;
// after `refrain run --` it leaves the line to the command that stands there.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string>

#include "cli/command_line.h"
#include "cli/help.h"
#include "cli/terminal.h"

namespace refrain::cli {

// src/cli/completion.bash and completion.zsh: what is done with the rows.
extern const std::string_view completion_in_bash;
extern const std::string_view completion_in_zsh;

namespace {

struct completion_flags {
  explicit completion_flags(CLI::App& app) {
    app.add_option("shell", shell, "bash or zsh")->required()->check(CLI::IsMember({"bash", "zsh"}));
    app.footer("bash: source <(refrain completion bash)\nzsh:  source <(refrain completion zsh), after compinit");
  }

  std::string shell;
};

/// ` 'name:meaning'`, quoted for a shell. No name has a colon.
std::string item(std::string_view name, std::string meaning) {
  return fmt::format(" '{}:{}'", name, CLI::detail::find_and_replace(std::move(meaning), "'", "'\\''"));
}

/// A branch of the script's `case`, printing a line for each word that may stand after the commands that `path` names
/// (`/entries/get`); then those of the commands within.
std::string branches(const std::string& path, const CLI::App& app) {
  auto text = fmt::format("    '{}') printf '%s\\n'", path);
  for (const auto* const within : nested(app)) text += item(within->get_name(), within->get_description());
  for (const auto* const option : app.get_options()) {
    for (const auto& name : option->get_snames()) text += item("-" + name, meaning_of(*option));
    for (const auto& name : option->get_lnames()) text += item("--" + name, meaning_of(*option));
  }
  text += " ;;\n";
  return text;
}

std::string all_branches(const std::string& path, const CLI::App& app) {
  auto text = branches(path, app);
  for (const auto* const within : nested(app))
    text += all_branches(fmt::format("{}/{}", path, within->get_name()), *within);
  return text;
}

base::result<int> run(const completion_flags& flags) {
  auto rows = branches("", command_line{}.app());
  for (const auto& each : commands()) rows += all_branches(fmt::format("/{}", each.name), command_line{each}.app());
  print(fmt::format("#compdef refrain\n_refrain_rows() {{\n  case $1 in\n{}  esac\n}}\n\n{}", rows,
                    flags.shell == "bash" ? completion_in_bash : completion_in_zsh));
  return exit_done;
}

}  // namespace

action attach_completion(CLI::App& app) { return make_action<completion_flags>(app, run); }

}  // namespace refrain::cli
