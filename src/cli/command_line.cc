#include "cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "app/version.h"
#include "base/text.h"
#include "cli/help.h"

namespace refrain::cli {
namespace {

/// The words that could have stood where a wrong one does.
std::vector<std::string> known_words(const CLI::App& app, bool flags) {
  std::vector<std::string> known;
  if (flags) {
    for (const auto* const option : app.get_options()) {
      for (const auto& name : option->get_lnames()) known.push_back("--" + name);
    }
  } else {
    for (const auto* const within : nested(app)) known.push_back(within->get_name());
  }
  return known;
}

std::string unknown_word(const CLI::App& app, std::string_view word) {
  const bool is_flag = word.size() > 1 && word.starts_with('-');
  const auto name = base::shorten(is_flag ? word.substr(0, word.find('=')) : word, 60);
  const auto known = known_words(app, is_flag);
  const auto near = base::nearest(name, std::vector<std::string_view>{known.begin(), known.end()});
  const auto what = is_flag         ? fmt::format("there is no flag {}", name)
                    : known.empty() ? fmt::format("'{}' is one word too many", name)
                                    : fmt::format("there is no command {}", name);
  return near ? fmt::format("{}; did you mean {}?", what, *near) : what;
}

/// CLI11's hook for what to say of a wrong line. A misspelt word is told before what follows from it, such as a missing
/// one.
std::string failure_message(const CLI::App* app, const CLI::Error& fault) {
  const auto line = [&app](std::string_view what) {
    return fmt::format("{0}: {1} ({0} --help)\n", full_name(*app), what);
  };
  while (true) {
    for (const auto& word : app->remaining()) {
      if (word != "--") return line(unknown_word(*app, word));
    }
    const auto within = app->get_subcommands();
    if (within.empty()) return line(base::shorten(fault.what(), 300));
    app = within.front();
  }
}

int report(const std::string& command, const base::error& why) {
  fmt::print(stderr, "{}: {}\n", command, why.context.empty() ? base::to_string(why.code) : why.context);
  const bool usage = why.code == base::errc::bad_usage || why.code == base::errc::malformed_request;
  return usage ? exit_usage : exit_failed;
}

std::unique_ptr<CLI::App> new_app(std::string_view description, const std::string& name) {
  auto app = std::make_unique<CLI::App>(std::string(description), name);
  app->set_help_flag("-h,--help", "Show this");
  app->formatter(help_formatter());
  app->failure_message(failure_message);
  app->group("Commands");  // what those within it inherit
  return app;
}

}  // namespace

command_line::command_line(const command& which)
    : app_(new_app(which.summary, fmt::format("refrain {}", which.name))), action_(which.attach(*app_)) {}

command_line::command_line()
    : app_(new_app("Refrain: a caching gateway for LLM and speech APIs", "refrain")),
      action_([] { return exit_done; }) {
  app_->set_version_flag("-V,--version", fmt::format("refrain {}", app::version))->description("Show the version");
  for (const auto& each : commands()) app_->add_subcommand(std::string(each.name), std::string(each.summary));
  app_->add_subcommand("help", "Tell more of a command");
  app_->require_subcommand();
  app_->footer(
      "First steps:\n"
      "  refrain run -- python app.py     its questions are asked once, then answered from the cache\n"
      "  refrain serve                    then set OPENAI_BASE_URL=http://localhost:7337/v1");
}

command_line::~command_line() = default;

int command_line::run(std::vector<std::string> words) {
  std::ranges::reverse(words);  // CLI11 takes them from the back
  try {
    app_->parse(std::move(words));
  } catch (const CLI::ParseError& end) {
    return app_->exit(end) == exit_done ? exit_done : exit_usage;
  }
  const auto code = action_();
  if (code) return *code;
  const auto within = app_->get_subcommands();
  return report(full_name(within.empty() ? *app_ : *within.front()), code.error());
}

std::vector<const CLI::App*> nested(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* each) { return !each->get_name().empty(); });
}

std::string full_name(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name()
                                     : fmt::format("{} {}", full_name(*app.get_parent()), app.get_name());
}

}  // namespace refrain::cli
