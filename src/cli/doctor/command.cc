// refrain doctor: what is wrong here, and how to fix it.
#include <CLI/CLI.hpp>
#include <map>
#include <memory>

#include "app/folders.h"
#include "cli/command.h"
#include "cli/doctor/checks.h"
#include "cli/doctor/report.h"
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

void add(findings& into, findings more) {
  into.insert(into.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

finding cannot_load(const base::error& why) {
  return {"configuration", condition::fault, why.context, "`refrain config` lists the settings"};
}

findings check_configuration(const config::loaded& configuration) {
  findings found{{"configuration", condition::ok, "loads"}};
  for (const auto& line : configuration.warnings) found.push_back({"configuration", condition::warning, line});
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
    add(found, judge_upstream(*asked.at(name), response, name == usual, base::system_clock().seconds()));
  }
  return found;
}

findings examine(const doctor_flags& flags) {
  const auto from = config::process_environment();
  const auto where = app::folders_of(from);
  findings all{check_clock(base::system_clock().seconds())};
  add(all, check_dot_env(from.working_directory));
  add(all, check_admin_token(where.state));

  const auto configuration = flags.settings.load(from);
  if (!configuration) {
    all.push_back(cannot_load(configuration.error()));
    return all;
  }
  add(all, check_configuration(*configuration));
  const auto& settings = configuration->values;
  add(all, check_port(settings.server.listen));
  add(all, check_certificate(settings, base::system_clock().seconds()));
  add(all, check_store(settings, where));
  add(all, check_client_urls(from, settings.server.listen));
  add(all, check_keys(settings));

  const auto at = gateway::make_site(settings);
  if (!at) {
    all.push_back(cannot_load(at.error()));
  } else if (!flags.offline) {
    add(all, check_upstreams(**at));
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
