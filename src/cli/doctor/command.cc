// refrain doctor: what is wrong here, and how to fix it.
#include <CLI/CLI.hpp>
#include <map>

#include "app/folders.h"
#include "cli/command.h"
#include "cli/doctor/checks.h"
#include "cli/setting_flags.h"
#include "cli/terminal.h"
#include "config/load.h"

namespace refrain::cli {
namespace {

struct doctor_flags {
  explicit doctor_flags(CLI::App& app) : settings(app) {
    app.add_flag("--json", json, "A JSON object instead of lines");
    app.add_flag("--offline", offline, "Ask no upstream");
  }

  bool json = false;
  bool offline = false;
  setting_flags settings;
};

finding cannot_load(const base::error& why) {
  return finding::fault("configuration", why.context, "`refrain config` lists the settings");
}

findings check_configuration(const config::loaded& configuration) {
  findings found{finding::ok("configuration", "loads")};
  for (const auto& line : configuration.warnings) found.push_back(finding::warning("configuration", line, ""));
  return found;
}

/// Those that the gateway would be asked for: the default one, and those that have a key to lend.
findings check_upstreams(const gateway::site& at) {
  const auto& usual = at.settings.server.default_upstream;
  std::map<std::string, const gateway::upstream*> asked;
  for (const auto& [name, to] : at.upstreams) {
    if (name == usual || !to.key.empty()) asked.emplace(name, &to);
  }
  findings found;
  for (const auto& [name, response] : ask_upstreams(asked)) {
    append(found, judge_upstream(*asked.at(name), response, name == usual, base::system_clock().seconds()));
  }
  return found;
}

findings examine(const doctor_flags& flags) {
  const auto from = config::process_environment();
  const auto where = app::folders_of(from);
  findings all{check_clock(base::system_clock().seconds())};
  append(all, check_dot_env(from.working_directory));
  append(all, check_admin_token(where.state));

  const auto configuration = flags.settings.load(from);
  if (!configuration) {
    all.push_back(cannot_load(configuration.error()));
    return all;
  }
  append(all, check_configuration(*configuration));
  const auto& settings = configuration->values;
  append(all, check_port(settings.server.listen));
  append(all, check_certificate(settings, base::system_clock().seconds()));
  append(all, check_store(settings, where));
  append(all, check_client_urls(from, settings.server.listen));
  append(all, check_keys(settings));

  const auto at = gateway::make_site(settings);
  if (!at) {
    all.push_back(cannot_load(at.error()));
  } else if (!flags.offline) {
    append(all, check_upstreams(**at));
  }
  return all;
}

base::result<int> run(const doctor_flags& flags) {
  const auto all = examine(flags);
  print(flags.json ? as_json(all) : as_text(all));
  return has_fault(all) ? exit_failed : exit_done;
}

}  // namespace

action attach_doctor(CLI::App& app) { return make_action<doctor_flags>(app, run); }

}  // namespace refrain::cli
