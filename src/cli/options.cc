#include "cli/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

namespace refrain::cli {
namespace {

/// CLI11 writes a validator's words behind the type; the meaning says them better.
std::string value_of(const CLI::Option& option) {
  if (option.get_items_expected_max() == 0) return "";
  const auto name = option.get_type_name();
  constexpr std::array<std::string_view, 4> plain{"TEXT", "INT", "UINT", "FLOAT"};
  for (const auto type : plain) {
    if (name == type || name.starts_with(std::string(type) + ":")) return type == "TEXT" ? "TEXT" : "NUMBER";
  }
  return name.empty() ? "TEXT" : name;
}

option_line line_of(const CLI::Option& option) {
  option_line line{
      .names = {}, .value = value_of(option), .meaning = option.get_description(), .group = option.get_group()};
  line.is_argument = option.get_positional() && option.get_lnames().empty() && option.get_snames().empty();
  if (line.is_argument) {
    line.names.push_back(option.get_name(true));
    line.group = arguments_group;
  }
  for (const auto& name : option.get_snames()) line.names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) line.names.push_back("--" + name);
  if (!option.get_default_str().empty()) line.meaning += fmt::format(" [{}]", option.get_default_str());
  return line;
}

}  // namespace

command_line::command_line(const command& which)
    : app_(std::make_unique<CLI::App>(std::string(which.summary), fmt::format("refrain {}", which.name))) {
  app_->set_help_flag("-h,--help", "Show this");
  work_ = which.attach(*app_);
}

command_line::~command_line() = default;

std::vector<option_line> options_of(const CLI::App& app) {
  std::vector<option_line> lines;
  for (const auto* const option : app.get_options()) lines.push_back(line_of(*option));
  return lines;
}

std::vector<const CLI::App*> nested(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* each) { return !each->get_name().empty(); });
}

const CLI::App& innermost(const CLI::App& app) {
  const auto* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().back();
  return *at;
}

}  // namespace refrain::cli
