// refrain config: every setting as it stands and where it came from; and the documents that the table makes.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "admin/json_forms.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/setting_flags.h"
#include "config/load.h"

namespace refrain::cli {
namespace {

struct config_flags {
  explicit config_flags(CLI::App& app) : settings(app) {}

  std::string filter;
  std::string example;
  bool reference = false;
  bool json = false;
  setting_flags settings;
};

void declare(CLI::App& app, config_flags& flags) {
  app.add_option("filter", flags.filter, "Only settings whose name holds this");
  app.add_flag("--json", flags.json, "A JSON object instead of a table");
  auto* const example =
      app.add_option("--example", flags.example, "Print a commented example file instead: toml or env")
          ->check(CLI::IsMember({"toml", "env"}));
  app.add_flag("--reference", flags.reference, "Print the reference page of all settings instead")->excludes(example);
}

std::string as_json(const std::vector<config::shown_setting>& rows, const std::vector<std::string>& warnings) {
  boost::json::array settings;
  for (const auto& row : rows) settings.push_back(admin::form_of(row));
  const boost::json::object all{{"settings", std::move(settings)},
                                {"warnings", boost::json::array(warnings.begin(), warnings.end())}};
  return boost::json::serialize(all) + "\n";
}

/// The text of one column, and its width over all rows: at most `limit`, beyond which texts are cut.
class column {
 public:
  column(const std::vector<config::shown_setting>& rows, std::string config::shown_setting::* text, std::size_t limit)
      : text_(text), limit_(limit) {
    for (const auto& row : rows) width_ = std::max(width_, std::min((row.*text_).size(), limit_));
  }
  [[nodiscard]] std::string of(const config::shown_setting& row) const {
    return fmt::format("{:{}}", base::shorten(row.*text_, (row.*text_).size() > limit_ ? limit_ - 1 : limit_), width_);
  }

 private:
  std::string config::shown_setting::* text_;
  std::size_t limit_;
  std::size_t width_ = 0;
};

/// A line a setting; a blank line between sections. Long values and origins are cut where a person looks, not in a
/// file.
std::string as_table(const std::vector<config::shown_setting>& rows, bool on_terminal) {
  const std::size_t limit = on_terminal ? 48 : 4096;
  const column keys(rows, &config::shown_setting::key, 4096);
  const column values(rows, &config::shown_setting::value, limit);
  const column origins(rows, &config::shown_setting::origin, limit);
  std::string table;
  std::string_view section;
  for (const auto& row : rows) {
    const auto own = std::string_view(row.key).substr(0, row.key.rfind('.'));
    if (!section.empty() && own != section) table += "\n";
    section = own;
    table += fmt::format("{}  {}  {}  {}{}\n", keys.of(row), values.of(row), origins.of(row), row.meaning,
                         row.unit.empty() ? "" : fmt::format(" ({})", row.unit));
  }
  return table;
}

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

int show(const config_flags& flags) {
  auto configuration = flags.settings.load(config::process_environment());
  if (!configuration) {
    const auto& why = configuration.error();
    fmt::print(stderr, "refrain config: {}\n", why.context);
    return why.code == base::errc::bad_usage ? exit_usage : exit_failed;
  }
  auto& rows = configuration->shown;
  std::erase_if(rows, [&](const auto& row) { return !row.key.contains(flags.filter); });
  if (flags.json) {
    print(as_json(rows, configuration->warnings));
    return exit_done;
  }
  for (const auto& line : configuration->warnings) fmt::print(stderr, "refrain config: {}\n", line);
  print(as_table(rows, isatty(STDOUT_FILENO) == 1));
  return exit_done;
}

int run(const config_flags& flags) {
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

std::function<int()> attach_config(CLI::App& app) {
  auto flags = std::make_shared<config_flags>(app);
  declare(app, *flags);
  return [flags] { return run(*flags); };
}

}  // namespace refrain::cli
