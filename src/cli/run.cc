// refrain run: a gateway for the life of one command.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "app/app.h"
#include "base/log.h"
#include "cli/child_environment.h"
#include "cli/command.h"
#include "cli/process.h"
#include "cli/readable.h"
#include "cli/setting_flags.h"
#include "config/load.h"

namespace refrain::cli {
namespace {

constexpr int exit_cannot_run = 126;
constexpr int exit_not_found = 127;

/// What differs from `serve` where no flag says otherwise. As flags they win over what is set for the gateway that
/// always runs.
std::vector<config::flag_value> own_defaults() {
  return {
      {.key = "server.listen", .text = "127.0.0.1:0"},
      {.key = "admin.listen", .text = "off"},
      // It serves this command alone, whose SDKs know of no client's key.
      {.key = "clients.required", .text = "false"},
      // The command's SDKs need not trust the certificate.
      {.key = "server.tls_certificate", .text = ""},
      {.key = "server.tls_key", .text = ""},
      // Nobody waits for what is still being recorded once the command has ended.
      {.key = "server.drain", .text = "2 s"},
      // The terminal is the command's.
      {.key = "log.level", .text = "warning"},
  };
}

struct run_flags {
  explicit run_flags(CLI::App& app) : line(app), settings(app) {
    app.prefix_command();
    // What begins like a flag is not the command, but a flag that is misspelt.
    app.callback([&app] {
      const auto rest = app.remaining();
      if (!rest.empty() && rest.front().starts_with('-') && rest.front() != "--") throw CLI::ExtrasError(rest);
    });
  }

  const CLI::App& line;  ///< its rest is the command
  setting_flags settings;
};

/// The command, in the environment that leads its SDKs to the gateway.
base::result<int> run_behind(app::app& gateway, const config::settings& settings, const variables& own,
                             const std::vector<std::string>& command, const held_signals& signals) {
  auto environment = child_variables(settings, gateway.base_url(), own);
  environment.insert(own.begin(), own.end());
  const std::jthread serving{[&gateway](const std::stop_token& ended) {
    const std::stop_callback stops{ended, [&gateway] { gateway.stop(); }};
    gateway.run();
  }};
  return run_child(command, {.environment = &environment}, signals);
}

/// The line after the options, with or without the `--` before it.
std::vector<std::string> command_of(const CLI::App& line) {
  auto rest = line.remaining();
  if (!rest.empty() && rest.front() == "--") rest.erase(rest.begin());
  return rest;
}

base::result<int> run(const run_flags& flags) {
  const auto command = command_of(flags.line);
  if (command.empty()) {
    return base::fail(base::errc::bad_usage, "which command? As in: refrain run -- python app.py (refrain run --help)");
  }
  const held_signals signals{signals_of_a_child};
  const auto from = config::process_environment();
  auto configuration = flags.settings.load(from, own_defaults());
  if (!configuration) return base::fail(base::errc::bad_usage, std::move(configuration).error().context);
  const auto settings = configuration->values;
  base::set_log(settings.log.level, settings.log.format);

  auto gateway = TRY(app::app::make(*std::move(configuration), app::folders_of(from)));
  for (const auto& line : gateway->warnings()) base::log_warning("{}", line);

  const auto status = run_behind(*gateway, settings, from.variables, command, signals);
  if (!status) {
    // The exit codes of shells, which an error would not lead to.
    fmt::print(stderr, "refrain run: {}\n", status.error().context);
    return status.error().code == base::errc::not_found ? exit_not_found : exit_cannot_run;
  }
  fmt::print(stderr, "refrain: {}\n", summary_of(gateway->totals().all(), gateway->ended()));
  return *status;
}

}  // namespace

action attach_run(CLI::App& app) { return make_action<run_flags>(app, run); }

}  // namespace refrain::cli
