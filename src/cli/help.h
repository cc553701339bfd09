#pragma once

#include <memory>
#include <string>

namespace CLI {
class App;
class FormatterBase;
class Option;
}  // namespace CLI

namespace refrain::cli {

/// Lays out `--help`: CLI11's page, with our words for options, broken to the width of a page.
[[nodiscard]] std::shared_ptr<CLI::FormatterBase> help_formatter();

/// `Usage: refrain entries get [options] name...`
[[nodiscard]] std::string usage_of(const CLI::App& app);

/// `-h,--help`, `--limit NUMBER`; of an argument its name.
[[nodiscard]] std::string spelling_of(const CLI::Option& option);

/// One sentence, with the default where one is shown.
[[nodiscard]] std::string meaning_of(const CLI::Option& option);

/// docs/reference/commands.md, from the table of commands and their options (`refrain help --markdown`).
[[nodiscard]] std::string reference_of_commands();

/// docs/reference/refrain.1, from the same (`refrain help --man`; man-pages(7)).
[[nodiscard]] std::string manual_page();

}  // namespace refrain::cli
