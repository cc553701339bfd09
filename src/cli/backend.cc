#include "cli/backend.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <optional>

#include "admin/auth.h"
#include "app/folders.h"
#include "app/run_file.h"
#include "base/text.h"
#include "base/url.h"
#include "config/load.h"
#include "config/secret_file.h"

namespace refrain::cli {
namespace {

namespace json = boost::json;
using base::errc;
using base::fail;
using opened = base::result<std::unique_ptr<backend>>;

std::optional<std::filesystem::path> config_file(const backend_flags& flags) {
  if (flags.config.empty()) return std::nullopt;
  return flags.config;
}

std::string variable(const config::environment& from, const std::string& name) {
  const auto found = from.variables.find(name);
  return found == from.variables.end() ? std::string{} : found->second;
}

/// `admin.token` as this command would have it. A configuration that does not load must not keep anybody from asking a
/// gateway that runs.
base::secret configured_token(const config::environment& from) {
  if (auto given = variable(from, "REFRAIN_ADMIN_TOKEN"); !given.empty()) return base::secret{std::move(given)};
  auto loaded = config::load(from, {}, std::nullopt);
  return loaded ? std::move(loaded->values.admin.token) : base::secret{};
}

base::secret token_in(const std::filesystem::path& file) {
  const auto text = config::read_secret_file(file);
  return text ? base::secret{std::string(base::trim(*text))} : base::secret{};
}

/// What to do where a token is refused, by where it came from. `file`: the one that the gateway has its token in; empty
/// where that is not known.
std::string remedy_for_configured(std::string_view file) {
  const auto better =
      file.empty() ? std::string("the one that it was started with") : fmt::format("the one in {}, or unset it", file);
  return fmt::format("the admin.token that is set here (REFRAIN_ADMIN_TOKEN, or the configuration): give {}", better);
}

std::string remedy_for_file(std::string_view file) {
  return fmt::format("the token in {}: set REFRAIN_ADMIN_TOKEN to the one that it was started with", file);
}

/// A gateway, shown the token that is configured here, else the one in `file` (empty: there is none). `its_file`: where
/// the gateway itself is known to have it. Fails with `without` where no token is found.
opened open_gateway(const config::environment& from, base::url where, const std::string& file,
                    std::string_view its_file, base::error without) {
  auto configured = configured_token(from);
  if (!configured.empty()) {
    return make_admin_client(std::move(where), std::move(configured), remedy_for_configured(its_file));
  }
  auto found = token_in(file);
  if (found.empty()) return fail(std::move(without));
  return make_admin_client(std::move(where), std::move(found), remedy_for_file(file));
}

/// The gateway that somebody named. The token that lies on this machine is shown to this machine alone.
opened open_named(const config::environment& from, const std::string& text) {
  const auto where = base::parse_url(text);
  if (!where || (where->scheme != "http" && where->scheme != "https")) {
    return fail(errc::bad_usage,
                fmt::format("the admin URL '{}' is none: write http://HOST:PORT", base::shorten(text, 80)));
  }
  const bool is_here = base::is_loopback_host(where->host);
  const auto file = is_here ? admin::token_file(app::folders_of(from).state).string() : std::string{};
  return open_gateway(
      from, *where, file, "",
      {errc::bad_usage, fmt::format("set REFRAIN_ADMIN_TOKEN to the token of the gateway at {}", where->origin())});
}

opened open_running(const config::environment& from, const app::running& one) {
  const auto where = TRY(base::parse_url("http://" + one.admin_plane));
  if (!one.token_file.empty()) {
    return open_gateway(
        from, where, one.token_file, one.token_file,
        {errc::io, fmt::format("cannot read the token of the gateway that runs: look at {}", one.token_file)});
  }
  return open_gateway(from, where, "", "",
                      {errc::unauthorized, fmt::format("the gateway at {} was started with an admin.token of its own: "
                                                       "set REFRAIN_ADMIN_TOKEN to it",
                                                       where.origin())});
}

bool is_on_default_port(const app::running& one) {
  const auto address = base::parse_url(one.data_plane);
  return address && address->port == config::settings{}.server.listen.port;
}

opened open_store(const config::environment& from, const backend_flags& flags, if_missing then) {
  std::vector<config::flag_value> given;
  if (!flags.store.empty()) given.push_back({.key = "store.url", .text = flags.store, .spelling = "--store"});
  return open_local_store(from, TRY(config::load(from, given, config_file(flags))), then);
}

}  // namespace

std::string admin_response::line() const { return json::serialize(form_) + "\n"; }

const json::value* admin_response::find(std::string_view pointer) const {
  json::error_code fault;
  return form_.find_pointer({pointer.data(), pointer.size()}, fault);
}

std::string admin_response::text(std::string_view pointer) const {
  const auto* const found = find(pointer);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string{};
}

template <class Number>
std::optional<Number> admin_response::read(std::string_view pointer) const {
  const auto* const found = find(pointer);
  json::error_code fault;
  const auto value = found == nullptr ? Number{} : found->to_number<Number>(fault);
  return found == nullptr || fault ? std::nullopt : std::optional{value};
}

std::int64_t admin_response::number(std::string_view pointer) const { return read<std::int64_t>(pointer).value_or(0); }

std::optional<double> admin_response::share(std::string_view pointer) const { return read<double>(pointer); }

const json::array& admin_response::list(std::string_view pointer) const {
  static const json::array none;
  const auto* const found = find(pointer);
  return found != nullptr && found->is_array() ? found->get_array() : none;
}

base::result<admin_response> backend::ask(const admin_request& what) {
  const auto text = TRY(send(what));
  json::error_code fault;
  auto form = json::parse(text, fault);
  if (fault) return fail(errc::io, name() + " did not answer in JSON");
  return admin_response{std::move(form)};
}

void backend_flags::declare(CLI::App& app, const char* json_is) {
  app.add_flag("--json", json, json_is);
  auto* const url = app.add_option("--admin-url", admin_url, "Ask the gateway whose admin plane is here")
                        ->type_name("URL")
                        ->group("Where");
  app.add_option("--store", store, "Open this store, whatever gateway runs")
      ->type_name("URL")
      ->group("Where")
      ->excludes(url);
  app.add_option("--config", config, "Open the store of this configuration file, whatever gateway runs")
      ->type_name("FILE")
      ->group("Where")
      ->excludes(url);
}

opened open_backend(const backend_flags& flags, if_missing then) {
  const auto from = config::process_environment();
  if (!flags.store.empty() || !flags.config.empty()) return open_store(from, flags, then);
  auto url = flags.admin_url.empty() ? variable(from, "REFRAIN_ADMIN_URL") : flags.admin_url;
  if (!url.empty()) return open_named(from, url);
  const auto chosen = TRY(choose_gateway(app::find_running(app::folders_of(from).state)));
  return chosen ? open_running(from, *chosen) : open_store(from, flags, then);
}

base::result<std::optional<app::running>> choose_gateway(const std::vector<app::running>& all) {
  auto reachable = all;
  std::erase_if(reachable, [](const auto& one) { return one.admin_plane.empty(); });
  if (reachable.empty()) return std::nullopt;
  if (reachable.size() == 1) return reachable.front();
  if (std::ranges::count_if(reachable, is_on_default_port) == 1) {
    return *std::ranges::find_if(reachable, is_on_default_port);
  }
  std::string list;
  for (const auto& one : reachable) {
    list += fmt::format("\n  --admin-url http://{}   process {}, serving {}, {}", one.admin_plane, one.pid,
                        one.data_plane, one.store);
  }
  return fail(errc::bad_usage, "several gateways run here; choose one:" + list);
}

}  // namespace refrain::cli
