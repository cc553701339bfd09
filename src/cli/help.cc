#include "cli/help.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <vector>

#include "base/text.h"
#include "cli/command.h"
#include "cli/options.h"

namespace refrain::cli {
namespace {

constexpr std::size_t page_width = 100;
constexpr std::size_t column = 30;

/// A name, and what it is from the fixed column on, wrapped between words.
std::string entry(std::string_view name, std::string_view meaning) {
  auto text = fmt::format("  {:<{}}", name, column - 2);
  if (name.size() + 4 > column) text += fmt::format("\n{:{}}", "", column);
  std::size_t at = column;
  for (const auto word : base::split(meaning, ' ')) {
    if (at > column && at + 1 + word.size() > page_width) {
      text += fmt::format("\n{:{}}", "", column);
      at = column;
    }
    if (at > column) text += ' ';
    text += word;
    at += word.size() + 1;
  }
  return text + '\n';
}

std::string entry(const option_line& line) {
  auto name = fmt::format("{}", fmt::join(line.names, ", "));
  if (line.is_argument) return entry(fmt::format("<{}>", name), line.meaning);
  // Long names stand below each other, whether or not a short one goes before.
  if (line.names.front().starts_with("--")) name = "    " + name;
  return entry(line.value.empty() ? name : fmt::format("{} {}", name, line.value), line.meaning);
}

std::string groups_of(const std::vector<option_line>& lines) {
  std::vector<std::string_view> groups{arguments_group};
  for (const auto& line : lines) {
    if (!line.group.empty() && std::ranges::find(groups, line.group) == groups.end()) groups.push_back(line.group);
  }
  std::string text;
  for (const auto group : groups) {
    if (std::ranges::find(lines, group, &option_line::group) == lines.end()) continue;
    text += fmt::format("\n{}:\n", group);
    for (const auto& line : lines) {
      if (line.group == group) text += entry(line);
    }
  }
  return text;
}

}  // namespace

std::string usage_of(const CLI::App& app) {
  auto text = app.get_name();
  for (const auto* above = app.get_parent(); above != nullptr; above = above->get_parent()) {
    text = fmt::format("{} {}", above->get_name(), text);
  }
  if (!nested(app).empty()) text += app.get_require_subcommand_min() > 0 ? " <command>" : " [command]";
  for (const auto* const option : app.get_options()) {
    if (!option->get_positional()) continue;
    const auto name = option->get_name(true);
    text += option->get_required() ? fmt::format(" <{}>", name) : fmt::format(" [{}]", name);
  }
  text += " [options]";
  if (app.get_prefix_command()) text += " -- <command> [arguments]";
  return text;
}

std::string help_of(const CLI::App& app) {
  auto text = fmt::format("{}.\n\nUsage: {}\n", app.get_description(), usage_of(app));
  if (const auto within = nested(app); !within.empty()) {
    text += "\nCommands:\n";
    for (const auto* const each : within) text += entry(each->get_name(), each->get_description());
  }
  text += groups_of(options_of(app));
  if (!app.get_footer().empty()) text += fmt::format("\n{}\n", app.get_footer());
  return text;
}

std::string help_of_all() {
  std::string text =
      "Refrain: a caching gateway for LLM and speech APIs.\n\n"
      "Usage: refrain <command> [options]\n\nCommands:\n";
  for (const auto& each : commands()) text += entry(each.name, each.summary);
  text +=
      "\nrefrain help <command> tells more of one; refrain --version says which one this is.\n\n"
      "First steps:\n"
      "  refrain run -- python app.py     its questions are asked once, then answered from the cache\n"
      "  refrain serve                    then set OPENAI_BASE_URL=http://localhost:7337/v1\n";
  return text;
}

}  // namespace refrain::cli
