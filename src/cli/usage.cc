#include "cli/usage.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <optional>
#include <vector>

#include "base/text.h"
#include "cli/command.h"
#include "cli/options.h"

namespace refrain::cli {
namespace {

constexpr std::string_view end_of_options = "--";

bool is_flag(std::string_view word) { return word.size() > 1 && word.starts_with('-') && word != end_of_options; }

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  const auto near = base::nearest(word, candidates);
  return near ? fmt::format("; did you mean {}?", *near) : "";
}

std::string unknown_flag(const CLI::App& app, std::string_view word) {
  const auto name = word.substr(0, word.find('='));
  std::vector<std::string> known;
  for (const auto& line : options_of(app)) {
    if (!line.is_argument) known.insert(known.end(), line.names.begin(), line.names.end());
  }
  return fmt::format("{0}: there is no {1}{2} ({0} --help)", full_name(app), name, did_you_mean(name, known));
}

std::string unexpected_word(const CLI::App& app, std::string_view word) {
  std::vector<std::string> known;
  for (const auto* const each : nested(app)) known.push_back(each->get_name());
  return fmt::format("{0}: '{1}' is one word too many{2} ({0} --help)", full_name(app), base::shorten(word, 60),
                     did_you_mean(word, known));
}

/// The first word that nothing took, and the App that should have.
struct stray {
  const CLI::App* at;
  std::string word;
};
std::optional<stray> first_stray(const CLI::App& app) {
  for (const auto& word : app.remaining()) {
    if (word != end_of_options) return stray{&app, word};
  }
  for (const auto* const each : app.get_subcommands()) {
    if (auto found = first_stray(*each)) return found;
  }
  return std::nullopt;
}

}  // namespace

std::string full_name(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name()
                                     : fmt::format("{} {}", full_name(*app.get_parent()), app.get_name());
}

std::string unknown_command(std::string_view word) {
  std::vector<std::string> known{"help", "--help", "--version"};
  for (const auto& each : commands()) known.emplace_back(each.name);
  return fmt::format("refrain: there is no {} {}{} (refrain --help)", is_flag(word) ? "flag" : "command",
                     base::shorten(word, 60), did_you_mean(word, known));
}

std::string usage_fault(const CLI::App& app, std::string_view why) {
  // A misspelt flag is told before what follows from it, such as a missing one.
  if (const auto left = first_stray(app)) {
    return is_flag(left->word) ? unknown_flag(*left->at, left->word) : unexpected_word(*left->at, left->word);
  }
  const auto& at = innermost(app);
  return fmt::format("{0}: {1} ({0} --help)", full_name(at), base::shorten(why, 300));
}

std::string misread_flag(const CLI::App& app) {
  if (!app.get_prefix_command()) return "";
  const auto rest = app.remaining();
  return !rest.empty() && is_flag(rest.front()) ? unknown_flag(app, rest.front()) : "";
}

}  // namespace refrain::cli
