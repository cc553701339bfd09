#include "cli/help.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "cli/command_line.h"
#include "cli/terminal.h"

namespace refrain::cli {
namespace {

constexpr std::size_t widest_page = 100;
constexpr std::size_t narrowest_with_columns = 70;
constexpr std::size_t narrow_indent = 6;

std::size_t page_width() { return std::min(columns_to_print().value_or(widest_page), widest_page); }

/// Broken between words into lines of that width.
std::string wrapped(std::string text, std::size_t width) {
  for (std::size_t begin = 0; text.size() - begin > width;) {
    const auto blank = text.rfind(' ', begin + width);
    if (blank == std::string::npos || blank < begin) break;
    text[blank] = '\n';
    begin = blank + 1;
  }
  return text;
}

/// What is not in columns, and longer than a line: it goes on in the next, indented.
std::string fitted(const std::string& page, std::size_t width) {
  std::string text;
  std::istringstream lines{page};
  for (std::string line; std::getline(lines, line);) {
    while (line.size() > width) {
      const auto begin = line.find_first_not_of(' ');
      const auto blank = line.rfind(' ', width);
      if (blank == std::string::npos || blank <= begin) break;
      text.append(line, 0, line.find_last_not_of(' ', blank) + 1).append("\n");
      line = std::string(narrow_indent, ' ') + line.substr(blank + 1);
    }
    text.append(line).append("\n");
  }
  return text;
}

class formatter final : public CLI::Formatter {
 public:
  formatter() {
    label("OPTIONS", "options");
    label("SUBCOMMAND", "command");
    label("Positionals", "Arguments");
  }

  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override {
    auto text = Formatter::make_help(app, std::move(name), mode);
    // CLI11 leaves more than one blank line where a group is hidden, and one at the end.
    text = CLI::detail::find_and_replace(std::move(text), "\n\n\n", "\n\n");
    while (text.ends_with("\n\n")) text.pop_back();
    return fitted(text, page_width());
  }

  std::string make_description(const CLI::App* app) const override { return app->get_description() + ".\n\n"; }

  std::string make_usage(const CLI::App* app, std::string name) const override {
    auto text = Formatter::make_usage(app, std::move(name));
    if (app->get_prefix_command()) text.insert(text.size() - 1, " -- command [arguments]");
    return text;
  }

  std::string make_option(const CLI::Option* option, bool /*is_positional*/) const override {
    return row(spelling_of(*option), meaning_of(*option));
  }

  std::string make_subcommand(const CLI::App* within) const override {
    return row(within->get_name(), within->get_description());
  }

 private:
  [[nodiscard]] std::string row(const std::string& name, std::string meaning) const {
    const auto width = page_width();
    const auto indent = width < narrowest_with_columns ? narrow_indent : column_width_;
    std::ostringstream text;
    CLI::detail::format_help(text, name, wrapped(std::move(meaning), width - indent), indent);
    return text.str();
  }
};

/// CLI11 writes a validator's words behind the type; the meaning says them better.
std::string value_of(const CLI::Option& option) {
  const auto type = option.get_type_name();
  const auto name = type.substr(0, type.find(':'));
  return name == "INT" || name == "UINT" || name == "FLOAT" ? "NUMBER" : name;
}

}  // namespace

std::shared_ptr<CLI::FormatterBase> help_formatter() { return std::make_shared<formatter>(); }

std::string usage_of(const CLI::App& app) { return formatter{}.make_usage(&app, full_name(app)); }

std::string spelling_of(const CLI::Option& option) {
  if (option.get_positional()) return option.get_name(true);
  const auto names = option.get_name(false, true);
  return option.get_items_expected_max() == 0 ? names : fmt::format("{} {}", names, value_of(option));
}

std::string meaning_of(const CLI::Option& option) {
  const auto shown = option.get_default_str();
  return shown.empty() ? option.get_description() : fmt::format("{} [{}]", option.get_description(), shown);
}

}  // namespace refrain::cli
