#include "config/load.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/text.h"
#include "config/candidates.h"
#include "config/dot_env.h"
#include "config/known_providers.h"
#include "config/names.h"
#include "config/redis_variables.h"
#include "config/secret_file.h"
#include "config/toml_file.h"
#include "config/variables.h"

namespace refrain::config {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t file_limit = 4 << 20;

/// The files named by hand have to exist; those looked for need not.
struct config_file_choice {
  fs::path path;  ///< empty: there is none
  std::string called;
};

base::result<config_file_choice> choose_config_file(const environment& from, const std::optional<fs::path>& flag) {
  const auto variable_or = [&](const std::string& name, const fs::path& otherwise) {
    const auto found = from.variables.find(name);
    return found == from.variables.end() || found->second.empty() ? otherwise : fs::path(found->second);
  };
  std::error_code fault;
  const auto named = flag ? *flag : variable_or(std::string(config_variable), {});
  if (!named.empty()) {
    const auto path = from.working_directory / named;
    if (fs::exists(path, fault)) return config_file_choice{.path = path, .called = named.string()};
    return base::fail(base::errc::bad_config, fmt::format("{} names {}, which does not exist",
                                                          flag ? "--config" : config_variable, named.string()));
  }
  const auto beside = from.working_directory / "refrain.toml";
  if (!from.working_directory.empty() && fs::is_regular_file(beside, fault))
    return config_file_choice{.path = beside, .called = "refrain.toml"};
  const auto folder = variable_or("XDG_CONFIG_HOME", from.home.empty() ? fs::path() : from.home / ".config");
  const auto personal = folder / "refrain" / "refrain.toml";
  if (!folder.empty() && fs::is_regular_file(personal, fault)) {
    return config_file_choice{.path = personal, .called = personal.string()};
  }
  return config_file_choice{};
}

base::result<void> offer_toml(candidates& into, const config_file_choice& file) {
  if (file.path.empty()) return {};
  const auto document = read_text_file(file.path, file_limit);
  if (!document) return base::fail(base::errc::bad_config, document.error().context);
  const auto values = TRY(read_toml(*document, file.called));

  for (const auto& value : values) {
    const auto origin = fmt::format("{} line {}", file.called, value.line);
    const auto at = find_key(value.path);
    if (!at) return base::fail(base::errc::bad_config, fmt::format("{}: {}", origin, at.error().context));
    if (value.is_list && !at->row->value.is_list) {
      return base::fail(base::errc::bad_config,
                        fmt::format("{} in {}: give {}, not a list", key_of(*at), origin, at->row->value.form()));
    }
    // Beside its value, a setting's file form counts less.
    TRY(into.offer(*at, {.text = value.text, .from = source::file, .origin = origin}, file.path.parent_path()));
  }
  return {};
}

/// The working directory's `.env`. It belongs to other programs too, so what cannot be read is a warning.
dot_env read_dot_env_of(const environment& from, std::vector<std::string>& warnings) {
  const auto path = from.working_directory / ".env";
  std::error_code fault;
  const bool is_there = !from.working_directory.empty() && fs::exists(path, fault);
  if (!is_there || fs::is_directory(path, fault)) return {};
  const auto text = read_text_file(path, file_limit);
  if (!text) {
    warnings.push_back(fmt::format(".env is left out: {}", text.error().context));
    return {};
  }
  auto read = read_dot_env(*text);
  for (const int line : read.unreadable) {
    warnings.push_back(fmt::format(".env line {} is left out: it is no NAME=value, or its quote never ends", line));
  }
  return read;
}

base::result<void> offer_flags(candidates& into, const std::vector<flag_value>& flags, const fs::path& folder) {
  int order = 0;
  for (const auto& flag : flags) {
    std::vector<std::string> path;
    for (const auto part : base::split(flag.key, '.')) path.emplace_back(part);
    const auto at = TRY(find_key(path));
    const auto usual = at.row->flag.empty() ? flag_of(*at.row, at.name) : std::string(at.row->flag);
    // Of two flags for one setting the last on the line counts.
    order += 2;
    TRY(into.offer(at,
                   {.text = flag.text,
                    .from = source::flag,
                    .weight = order,
                    .origin = flag.spelling.empty() ? usual : flag.spelling},
                   folder));
  }
  return {};
}

/// Asks all sources, from the weakest to the strongest.
base::result<candidates> gather(const environment& from, const std::vector<flag_value>& flags,
                                const config_file_choice& file, std::vector<std::string>& warnings) {
  candidates all;
  const auto& folder = from.working_directory;
  const auto variables = merge(from.variables, read_dot_env_of(from, warnings));
  TRY(refuse_unexpanded(variables));
  if (const auto* const given = find_given(variables, config_variable); given && given->from == source::dot_env) {
    warnings.push_back("REFRAIN_CONFIG in .env is ignored: give it in the environment, or --config");
  }
  TRY(offer_toml(all, file));
  TRY(offer_own_variables(all, variables, folder));
  TRY(offer_flags(all, flags, folder));
  // Last, since OPENAI_API_KEY and its like exist for every upstream that the others name.
  TRY(offer_fixed_variables(all, variables, folder));
  TRY(offer_redis(all, variables, folder));
  return all;
}

}  // namespace

std::string_view to_string(source from) noexcept {
  static constexpr std::array<std::string_view, 5> names{"default", "file", "dot_env", "environment", "flag"};
  return names[static_cast<std::size_t>(from)];
}

std::string where(source from, std::string_view origin) {
  return fmt::format(" {} {}", from == source::file ? "in" : "from", origin);
}

base::result<loaded> load(const environment& from, const std::vector<flag_value>& flags,
                          const std::optional<fs::path>& config_file) {
  loaded out;
  const auto file = TRY(choose_config_file(from, config_file));
  auto all = TRY(gather(from, flags, file, out.warnings));
  TRY(drop_own_address(all, out.warnings));

  out.values.upstreams = initial_upstreams();
  out.values.log.queries = from.on_terminal;
  out.values.log.format = from.on_terminal ? base::log_format::text : base::log_format::json;
  all.write_into(out.values);
  TRY(complete(all, out.values));
  withhold_keys(all, out.values, out.warnings);
  out.shown = show(out.values, all);
  return out;
}

}  // namespace refrain::config
