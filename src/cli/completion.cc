#include "cli/completion.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <vector>

#include "cli/command.h"
#include "cli/options.h"

namespace refrain::cli {
namespace {

/// The words that may stand after a command, all of them free of blanks and quotes.
std::vector<std::string> words_after(const CLI::App& app) {
  std::vector<std::string> words;
  for (const auto* const within : nested(app)) words.push_back(within->get_name());
  for (const auto& line : options_of(app)) {
    if (!line.is_argument) words.insert(words.end(), line.names.begin(), line.names.end());
  }
  return words;
}

constexpr std::string_view bash_frame = R"sh(# Completion of refrain for bash: source <(refrain completion bash)
_refrain_words() {{
  case $1 in
{}  esac
}}

_refrain() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} path= word
  local -i at
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=${{COMP_WORDS[at]}}
    if [[ $word == -- ]]; then
      # The rest is another command's line.
      COMPREPLY=($(compgen -c -- "$current") $(compgen -f -- "$current"))
      return
    fi
    [[ $word != -* && -n $(_refrain_words "$path/$word") ]] && path+=/$word
  done
  COMPREPLY=($(compgen -W "$(_refrain_words "$path")" -- "$current"))
  [[ ${{#COMPREPLY[@]}} -gt 0 || $current == -* ]] || COMPREPLY=($(compgen -f -- "$current"))
}}

complete -o bashdefault -F _refrain refrain
)sh";

/// One row of the script's table: the words after the commands that `path` names (`/entries/get`).
std::string bash_row(const std::string& path, const std::vector<std::string>& words) {
  return fmt::format("    {}) printf '%s\\n' {} ;;\n", path, fmt::join(words, " "));
}

void add_bash_rows(std::string& rows, const std::string& path, const CLI::App& app) {
  rows += bash_row(path, words_after(app));
  for (const auto* const within : nested(app)) add_bash_rows(rows, path + "/" + within->get_name(), *within);
}

constexpr std::string_view zsh_frame = R"sh(#compdef refrain
# Completion of refrain for zsh: source <(refrain completion zsh)
_refrain_rows() {{
  case $1 in
{}  esac
}}

_refrain() {{
  local here word
  local -i at
  local -a rows
  for ((at = 2; at < CURRENT; at++)); do
    word=${{words[at]}}
    if [[ $word == -- ]]; then
      # The rest is another command's line.
      shift $at words
      (( CURRENT -= at ))
      _normal
      return
    fi
    [[ $word != -* && -n $(_refrain_rows "$here/$word") ]] && here+=/$word
  done
  rows=("${{(@f)$(_refrain_rows "$here")}}")
  _describe 'refrain' rows || _files
}}

if [[ $funcstack[1] == _refrain ]]; then
  _refrain "$@"
else
  compdef _refrain refrain
fi
)sh";

/// `name:meaning` in quotes; a colon within the name would end it.
std::string zsh_item(std::string_view name, std::string_view meaning) {
  std::string text;
  for (const char c : meaning) text += c == '\'' ? "'\\''" : std::string(1, c);
  return fmt::format("'{}:{}'", name, text);
}

std::string zsh_row(const std::string& path, const std::vector<std::string>& items) {
  return fmt::format("    {}) print -rl -- {} ;;\n", path, fmt::join(items, " "));
}

void add_zsh_rows(std::string& rows, const std::string& path, const CLI::App& app) {
  std::vector<std::string> items;
  for (const auto* const within : nested(app)) items.push_back(zsh_item(within->get_name(), within->get_description()));
  for (const auto& line : options_of(app)) {
    if (line.is_argument) continue;
    for (const auto& name : line.names) items.push_back(zsh_item(name, line.meaning));
  }
  rows += zsh_row(path, items);
  for (const auto* const within : nested(app)) add_zsh_rows(rows, path + "/" + within->get_name(), *within);
}

}  // namespace

std::string bash_completion() {
  std::vector<std::string> first{"help", "--help", "--version"};
  std::string rows;
  for (const auto& each : commands()) {
    first.emplace_back(each.name);
    command_line line(each);
    add_bash_rows(rows, fmt::format("/{}", each.name), line.app());
  }
  return fmt::format(bash_frame, bash_row("''", first) + rows);
}

std::string zsh_completion() {
  std::vector<std::string> first{zsh_item("help", "Tell more of a command"), zsh_item("--help", "List the commands"),
                                 zsh_item("--version", "Say which one this is")};
  std::string rows;
  for (const auto& each : commands()) {
    first.push_back(zsh_item(each.name, each.summary));
    command_line line(each);
    add_zsh_rows(rows, fmt::format("/{}", each.name), line.app());
  }
  return fmt::format(zsh_frame, zsh_row("''", first) + rows);
}

action attach_completion(CLI::App& app) {
  auto shell = std::make_shared<std::string>();
  app.add_option("shell", *shell, "bash or zsh")->required()->check(CLI::IsMember({"bash", "zsh"}));
  app.footer("bash: source <(refrain completion bash)\nzsh:  source <(refrain completion zsh), after compinit");
  return [shell] {
    const auto script = *shell == "bash" ? bash_completion() : zsh_completion();
    std::fwrite(script.data(), 1, script.size(), stdout);
    return exit_done;
  };
}

}  // namespace refrain::cli
