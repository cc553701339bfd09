// refrain run: a gateway for the life of one command.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/app.h"
#include "base/log.h"
#include "cli/child.h"
#include "cli/child_environment.h"
#include "cli/command.h"
#include "cli/run_summary.h"
#include "cli/setting_flags.h"
#include "config/load.h"

namespace refrain::cli {
namespace {

constexpr int exit_cannot_run = 126;
constexpr int exit_not_found = 127;

/// What differs from `serve` where no flag says otherwise. As flags they win over what is set for the gateway that
/// always runs.
const std::vector<config::flag_value>& own_defaults() {
  static const std::vector<config::flag_value> all{
      {.key = "server.listen", .text = "127.0.0.1:0"},
      {.key = "admin.listen", .text = "off"},
      // The command's SDKs need not trust the certificate.
      {.key = "server.tls_certificate", .text = ""},
      {.key = "server.tls_key", .text = ""},
      // Nobody waits for what is still being recorded once the command has ended.
      {.key = "server.drain", .text = "2 s"},
      // The terminal is the command's.
      {.key = "log.level", .text = "warning"},
  };
  return all;
}

struct run_flags {
  explicit run_flags(CLI::App& app) : line(app), settings(app) {}

  const CLI::App& line;  ///< its rest is the command
  setting_flags settings;
};

base::result<config::loaded> load(const setting_flags& given, const config::environment& from) {
  auto flags = own_defaults();
  const auto typed = given.given();
  if (!typed) return base::fail(typed.error());
  flags.insert(flags.end(), typed->begin(), typed->end());
  return config::load(from, flags, given.config_file());
}

int refuse(const base::error& why, int code) {
  fmt::print(stderr, "refrain run: {}\n", why.context);
  return code;
}

/// A gateway that serves from another thread as long as this lives.
class background {
 public:
  explicit background(app::app& gateway) : gateway_(gateway), thread_([&gateway] { gateway.run(); }) {}
  ~background() {
    gateway_.stop();
    thread_.join();
  }
  background(const background&) = delete;
  background& operator=(const background&) = delete;

 private:
  app::app& gateway_;
  std::thread thread_;
};

/// The command, in the environment that leads its SDKs to the gateway.
base::result<int> run_behind(app::app& gateway, const config::settings& settings, const variables& own,
                             const std::vector<std::string>& command, const held_signals& signals) {
  auto environment = child_variables(settings, gateway.base_url(), own);
  environment.insert(own.begin(), own.end());
  const background serving(gateway);
  return run_child(command, environment, signals);
}

int run(const std::vector<std::string>& command, const setting_flags& flags) {
  const held_signals signals;
  const auto from = config::process_environment();
  auto configuration = load(flags, from);
  if (!configuration) return refuse(configuration.error(), exit_usage);
  const auto settings = configuration->values;
  base::set_log(settings.log.level, settings.log.format);

  auto gateway = app::app::make(*std::move(configuration), app::folders_of(from));
  if (!gateway) return refuse(gateway.error(), exit_failed);
  for (const auto& line : (*gateway)->warnings()) base::log_warning("{}", line);

  const auto status = run_behind(**gateway, settings, from.variables, command, signals);
  if (!status) {
    return refuse(status.error(), status.error().code == base::errc::not_found ? exit_not_found : exit_cannot_run);
  }
  fmt::print(stderr, "refrain: {}\n", summary_of((*gateway)->totals().all()));
  return *status;
}

/// The line after the options, with or without the `--` before it.
std::vector<std::string> command_of(const CLI::App& line) {
  auto rest = line.remaining();
  if (!rest.empty() && rest.front() == "--") rest.erase(rest.begin());
  return rest;
}

}  // namespace

std::function<int()> attach_run(CLI::App& app) {
  app.prefix_command();
  auto flags = std::make_shared<run_flags>(app);
  return [flags] {
    const auto command = command_of(flags->line);
    if (!command.empty()) return run(command, flags->settings);
    fmt::print(stderr, "refrain run: which command? As in: refrain run -- python app.py (refrain run --help)\n");
    return exit_usage;
  };
}

}  // namespace refrain::cli
