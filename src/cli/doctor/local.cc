#include "cli/doctor/checks.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <system_error>

#include "admin/auth.h"
#include "app/open_store.h"
#include "base/url.h"
#include "cli/process.h"
#include "config/dot_env.h"
#include "config/secret_file.h"
#include "net/listener.h"
#include "net/loop.h"
#include "net/tls.h"
#include "store/registry.h"
#include "store/sqlite_owner.h"

namespace refrain::cli {
namespace {

namespace fs = std::filesystem;
using enum condition;

constexpr std::size_t dot_env_limit = 4 << 20;

/// The nearest folder above that is there: what decides whether the others can be made.
fs::path nearest_existing(fs::path folder) {
  std::error_code ignored;
  while (!folder.empty() && !fs::exists(folder, ignored) && folder != folder.parent_path())
    folder = folder.parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

fs::perms mode_of(const fs::path& path) {
  std::error_code ignored;
  return fs::status(path, ignored).permissions();
}

finding check_opens(config::settings settings, const app::folders& where) {
  settings.store.require = true;
  std::vector<std::string> warnings;
  const auto opened =
      app::open_store(settings, where, std::make_shared<cache::purge_book>(), warnings, {.as_found = true});
  if (!opened) return finding::fault("store", opened.error().context, "see store.url in `refrain config store`");
  return finding::ok("store", fmt::format("{} opens", (*opened)->status().location));
}

/// A store that is not there yet is not made by looking.
finding check_can_be_made(const fs::path& file) {
  const auto above = nearest_existing(file.parent_path());
  std::error_code ignored;
  if (fs::is_directory(above, ignored) && ::access(above.c_str(), W_OK | X_OK) == 0) {
    return finding::ok("store", fmt::format("{} will be made at the first start", file.string()));
  }
  return finding::fault(
      "store", fmt::format("{} cannot be made: {} is no folder that can be written", file.string(), above.string()),
      "make it one, or give --store another path (or memory:)");
}

/// Whether git keeps this file in its index. False where git is not installed, or the folder is in no repository.
bool is_tracked_by_git(const fs::path& file) {
  const auto folder = file.parent_path().empty() ? std::string(".") : file.parent_path().string();
  const auto child = start_child({"git", "-C", folder, "ls-files", "--error-unmatch", "--", file.filename().string()},
                                 {.is_silent = true});
  int status = 0;
  return child && ::waitpid(*child, &status, 0) == *child && status == 0;
}

/// Which path of the gateway a client's variable should hold, by the family of its SDKs.
struct client_path {
  std::string_view variable;
  std::string_view path;
  std::string_view why;
};
constexpr std::array client_paths{
    client_path{"OPENAI_BASE_URL", "/v1", "OpenAI's SDKs add /chat/completions and the like"},
    client_path{"OPENAI_API_BASE", "/v1", "LiteLLM and LangChain add /chat/completions and the like"},
    client_path{"ANTHROPIC_BASE_URL", "/anthropic",
                "Anthropic's SDKs add /v1/messages themselves, so that /v1/v1/messages would be asked for"},
    client_path{"ANTHROPIC_API_BASE", "/anthropic", "LiteLLM adds /v1/messages itself"},
    client_path{"GOOGLE_GEMINI_BASE_URL", "/gemini", "Google's SDKs add /v1beta themselves"},
    client_path{"ELEVENLABS_BASE_URL", "/elevenlabs", "the SDKs add /v1/text-to-speech themselves"},
    client_path{"SARVAM_BASE_URL", "/sarvam", "the SDKs add /text-to-speech themselves"},
    client_path{"CARTESIA_BASE_URL", "/cartesia", "the SDKs add /tts/bytes themselves"},
};

}  // namespace

findings check_port(const base::endpoint& listen) {
  if (listen.port == 0) return {finding::ok("port", "a free one is taken at each start")};
  net::loop loop;
  const auto opened = net::listener::open(listen, {&loop});
  if (opened) return {finding::ok("port", fmt::format("{} is free", listen.to_string()))};
  const auto holder = opened.error().code == base::errc::port_in_use ? net::who_listens_on(listen.port) : "";
  if (holder.starts_with("refrain ")) {
    return {finding::ok("port", fmt::format("{} is served by {}", listen.to_string(), holder))};
  }
  const auto held = holder.empty() ? "" : fmt::format(": held by {}", holder);
  return {
      finding::fault("port", fmt::format("cannot listen on {}{}", listen.to_string(), held), opened.error().context)};
}

findings check_store(const config::settings& settings, const app::folders& where) {
  const auto url = app::store_url(settings, where);
  if (is_redis_url(url)) return check_redis(settings, url);
  const auto path = store::sqlite_path(url);
  if (!path) return {check_opens(settings, where)};
  const fs::path file{*path};
  std::error_code ignored;
  const bool exists = store::owner_of(*path) != store::file_owner::nobody;
  findings found{exists ? check_opens(settings, where) : check_can_be_made(file)};
  if (exists) found.push_back(judge_mode("store file", file, mode_of(file), "answers"));
  const auto above = nearest_existing(file.parent_path());
  if (const auto space = fs::space(above, ignored); !ignored) {
    found.push_back(judge_space({space.available}, settings.store.max_bytes, above.string()));
  }
  return found;
}

findings check_dot_env(const fs::path& working_directory) {
  const auto path = working_directory / ".env";
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return {};
  const auto text = config::read_text_file(path, dot_env_limit);
  if (!text) return {finding::warning(".env", text.error().context, "make it readable, or remove it")};
  const auto is_secret = [](const config::dot_env_variable& one) { return holds_secret(one.name, one.value); };
  if (std::ranges::none_of(config::read_dot_env(*text).variables, is_secret)) {
    return {finding::ok(".env", "holds no secret")};
  }

  findings found{judge_mode(".env", path, mode_of(path), "secrets")};
  if (is_tracked_by_git(path)) {
    found.push_back(finding::fault(".env", "git tracks it, with the secrets in it",
                                   "git rm --cached .env, name it in .gitignore, and replace keys that were pushed"));
  }
  return found;
}

findings check_admin_token(const fs::path& state_folder) {
  const auto path = admin::token_file(state_folder);
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return {};
  return {judge_mode("admin token", path, mode_of(path), "the token")};
}

finding check_clock(base::sys_seconds now) {
  // No gateway of this kind is older.
  constexpr base::sys_seconds made{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
  if (now >= made) return finding::ok("clock", "looks right");
  return finding::fault("clock", "the system's clock is years behind", "set it: timedatectl set-ntp true");
}

findings check_certificate(const config::settings& settings, base::sys_seconds now) {
  const auto& server = settings.server;
  if (server.tls_certificate.empty()) return {};
  const auto shown = net::tls_context::for_servers(server.tls_certificate, server.tls_key);
  if (!shown) {
    return {finding::fault("certificate", shown.error().context,
                           "see server.tls_certificate and server.tls_key in `refrain config server`")};
  }
  constexpr std::chrono::days soon{14};
  const auto left = std::chrono::floor<std::chrono::days>((*shown)->expiry().value_or(now) - now);
  auto life = finding::ok("certificate", fmt::format("good for {} days", left.count()));
  if (left < soon) {
    life.what = left.count() < 0 ? fault : warning;
    if (left.count() < 0) life.text = "has expired, so that no client will take it";
    life.remedy = fmt::format("renew {}; a gateway that runs takes the new one by itself", server.tls_certificate);
  }
  return {std::move(life), judge_mode("certificate", server.tls_key, mode_of(server.tls_key), "the key")};
}

findings check_keys(const config::settings& settings) {
  findings found;
  const auto& placeholders = settings.server.placeholder_keys;
  for (const auto& [name, upstream] : settings.upstreams) {
    if (std::ranges::find(placeholders, upstream.api_key.reveal()) == placeholders.end()) continue;
    found.push_back(finding::warning(fmt::format("upstream {}", name),
                                     "its key is a placeholder, as clients send that have none",
                                     fmt::format("give upstream.{}.api_key the provider's key", name)));
  }
  return found;
}

std::optional<finding> judge_client_url(std::string_view variable, std::string_view value, const base::endpoint& at) {
  const auto url = base::parse_url(value);
  if (!url || url->port != at.port || !base::is_loopback_host(url->host)) return std::nullopt;
  const auto* const row = std::ranges::find(client_paths, variable, &client_path::variable);
  if (row == client_paths.end() || url->path == row->path) return std::nullopt;
  // A path of another upstream, or the long form of the default one, may well be meant.
  const bool is_meant =
      row->path == "/v1" ? url->path.ends_with("/v1") : !url->path.empty() && !url->path.ends_with("/v1");
  if (is_meant) return std::nullopt;
  return finding::warning(
      std::string(variable),
      fmt::format("leads to this gateway by '{}': {}", url->path.empty() ? "/" : url->path, row->why),
      fmt::format("set it to {}://{}{}", url->scheme, url->authority(), row->path));
}

findings check_client_urls(const config::environment& from, const base::endpoint& at) {
  findings found;
  const auto look = [&](std::string_view name, std::string_view value) {
    if (auto fault = judge_client_url(name, value, at)) found.push_back(*std::move(fault));
  };
  for (const auto& [name, value] : from.variables) look(name, value);
  const auto text = config::read_text_file(from.working_directory / ".env", dot_env_limit);
  if (!text) return found;
  for (const auto& one : config::read_dot_env(*text).variables) {
    if (!from.variables.contains(one.name)) look(one.name, one.value);
  }
  return found;
}

finding judge_space(base::byte_count free, base::byte_count bound, std::string_view where) {
  constexpr base::byte_count scarce{64 << 20};
  const auto text = fmt::format("{} free in {}", base::to_string(free), where);
  if (free >= bound) return finding::ok("disk space", text);
  return {"disk space", free < scarce ? fault : warning,
          fmt::format("{}, and the store may grow to {}", text, base::to_string(bound)),
          "make room, or set store.max_bytes lower"};
}

finding judge_mode(std::string_view check, const fs::path& path, fs::perms mode, std::string_view holds) {
  constexpr auto others = fs::perms::group_read | fs::perms::others_read;
  const bool is_private = (mode & others) == fs::perms::none;
  if (is_private) return finding::ok(std::string(check), fmt::format("{} is private", path.string()));
  return finding::warning(std::string(check), fmt::format("other users can read {} in {}", holds, path.string()),
                          fmt::format("chmod 600 {}", path.string()));
}

}  // namespace refrain::cli
