#include "cli/setting_flags.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <utility>

namespace refrain::cli {
namespace {

constexpr const char* group_in_help = "Settings";
constexpr const char* hidden = "";

CLI::Option* add(CLI::App& app, const config::flag_row& row) {
  auto* const option = row.is_switch ? app.add_flag(row.name) : app.add_option(row.name)->type_name("VALUE");
  // `--log-access=off` says something, `--no-cache=off` only puzzles.
  if (row.switch_text == "false") option->disable_flag_override();
  return option->description(row.unit.empty() ? row.meaning : fmt::format("{} ({})", row.meaning, row.unit))
      ->group(row.is_common ? group_in_help : hidden)
      ->take_last();
}

}  // namespace

setting_flags::setting_flags(CLI::App& app) {
  config_ = app.add_option("--config")
                ->description("The configuration file, instead of a refrain.toml that is looked for")
                ->type_name("FILE")
                ->group(group_in_help)
                ->take_last();
  for (auto& row : config::flag_rows()) {
    auto* const option = add(app, row);
    flags_.emplace_back(std::move(row), option);
  }
  set_ = app.add_option("--set")
             ->description("Any setting, as in --set upstream.my-llm.base_url=URL")
             ->type_name("KEY=VALUE")
             ->group(group_in_help)
             ->take_all();
  app.footer("Every setting has a flag: `refrain config --reference` lists them.");
}

base::result<std::vector<config::flag_value>> setting_flags::given() const {
  std::vector<config::flag_value> values;
  for (const auto& text : set_->results()) {
    const auto equals = text.find('=');
    if (equals == std::string::npos) return base::fail(base::errc::bad_usage, "--set takes KEY=VALUE");
    values.push_back({.key = text.substr(0, equals), .text = text.substr(equals + 1), .spelling = "--set"});
  }
  for (const auto& [row, option] : flags_) {
    if (option->count() == 0) continue;
    const auto& text = row.switch_text == "false" ? row.switch_text : option->results().back();
    values.push_back({.key = row.key, .text = text, .spelling = row.name});
  }
  return values;
}

std::optional<std::filesystem::path> setting_flags::config_file() const {
  if (config_->count() == 0) return std::nullopt;
  return config_->results().back();
}

base::result<config::loaded> setting_flags::load(const config::environment& from,
                                                 std::vector<config::flag_value> before) const {
  const auto flags = TRY(given());
  before.insert(before.end(), flags.begin(), flags.end());
  return config::load(from, before, config_file());
}

}  // namespace refrain::cli
