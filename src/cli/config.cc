// refrain config: every setting as it stands and where it came from; and the documents that the table makes.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "admin/json_forms.h"
#include "cli/command.h"
#include "cli/setting_flags.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "config/load.h"

namespace refrain::cli {
namespace {

struct config_flags {
  explicit config_flags(CLI::App& app) : settings(app) {
    app.add_option("filter", filter, "Only settings whose name holds this");
    app.add_flag("--json", json, "A JSON object instead of a table");
    auto* const only_example =
        app.add_option("--example", example, "Print a commented example file instead: toml or env")
            ->check(CLI::IsMember({"toml", "env"}));
    app.add_flag("--reference", reference, "Print the reference page of all settings instead")->excludes(only_example);
  }

  std::string filter;
  std::string example;
  bool reference = false;
  bool json = false;
  setting_flags settings;
};

std::string as_json(const std::vector<config::shown_setting>& rows, const std::vector<std::string>& warnings) {
  boost::json::array settings;
  for (const auto& row : rows) settings.push_back(admin::form_of(row));
  const boost::json::object all{{"settings", std::move(settings)},
                                {"warnings", boost::json::array(warnings.begin(), warnings.end())}};
  return boost::json::serialize(all) + "\n";
}

/// A line a setting; a blank line between sections. Long values and origins are cut where a person looks, not in a
/// file.
std::string as_table(const std::vector<config::shown_setting>& rows, bool on_terminal) {
  const std::size_t most = on_terminal ? 48 : 4096;
  table lines{{{}, {.most = most}, {.most = most}, {.most = 4096}}};
  std::string_view section;
  for (const auto& row : rows) {
    const auto own = std::string_view(row.key).substr(0, row.key.rfind('.'));
    if (!section.empty() && own != section) lines.add({});
    section = own;
    lines.add({row.key, row.value, row.origin,
               row.unit.empty() ? row.meaning : fmt::format("{} ({})", row.meaning, row.unit)});
  }
  return lines.text(false);
}

base::result<int> show(const config_flags& flags) {
  auto configuration = TRY(flags.settings.load(config::process_environment()));
  auto& rows = configuration.shown;
  std::erase_if(rows, [&](const auto& row) { return !row.key.contains(flags.filter); });
  if (flags.json) {
    print(as_json(rows, configuration.warnings));
    return exit_done;
  }
  for (const auto& line : configuration.warnings) fmt::print(stderr, "refrain config: {}\n", line);
  print(as_table(rows, prints_to_terminal()));
  return exit_done;
}

base::result<int> run(const config_flags& flags) {
  if (flags.reference) {
    print(config::reference_page());
  } else if (!flags.example.empty()) {
    print(flags.example == "toml" ? config::example_toml() : config::example_dot_env());
  } else {
    return show(flags);
  }
  return exit_done;
}

}  // namespace

action attach_config(CLI::App& app) { return make_action<config_flags>(app, run); }

}  // namespace refrain::cli
