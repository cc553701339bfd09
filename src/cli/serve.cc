// refrain serve: the gateway.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <thread>
#include <utility>

#include "app/app.h"
#include "app/version.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/process.h"
#include "cli/setting_flags.h"
#include "cli/terminal.h"

namespace refrain::cli {
namespace {

void say(const std::string& line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

std::string describe_caching(const config::settings& settings) {
  if (!settings.cache.enabled) return "Caching disabled (everything passes through, nothing is recorded)";
  const auto& rules = settings.cache;
  return fmt::format("Caching enabled (LLM TTL {} s, speech TTL {} s at level {})",
                     config::ttl_at(rules.llm_ttl, rules.level).count(),
                     config::ttl_at(rules.tts_ttl, rules.level).count(), to_string(rules.level));
}

/// With the token on a person's terminal alone: what else standard output leads to keeps it, and is read by others.
std::string describe_admin(const app::app& gateway) {
  if (prints_to_terminal()) return gateway.dashboard_url();
  const auto address = fmt::format("http://{}/", gateway.admin_plane()->to_string());
  const auto file = gateway.token_file();
  return file.empty() ? address : fmt::format("{} (its token is in {})", address, file);
}

/// What a person who has just started it needs to know.
void print_banner(const app::app& gateway, const config::settings& settings) {
  const auto address = gateway.base_url().origin();
  const bool everywhere = base::is_any_address(gateway.data_plane().host);
  say(fmt::format("refrain {}  listening on {}{}", app::version, address,
                  everywhere ? ", and on all addresses of this machine" : ""));
  say(fmt::format("  store      {}", gateway.store_location()));
  say(fmt::format("  caching    {}", describe_caching(settings)));
  say(fmt::format("  base URL   export OPENAI_BASE_URL={}/v1", address));
  if (gateway.admin_plane()) say(fmt::format("  admin      {}", describe_admin(gateway)));
  say("  look       refrain stats    refrain entries");
}

/// Reads the configuration anew, as at start. Gives the changed settings that wait for a restart.
base::result<std::vector<std::string>> read_again(app::app& gateway, const setting_flags& flags) {
  return gateway.reload(TRY(flags.load(config::process_environment())));
}

/// What is wrong with a new configuration is said, and the old one stays.
void reload(app::app& gateway, const setting_flags& flags) {
  const auto waiting = read_again(gateway, flags);
  if (!waiting) {
    base::log_error("the configuration stays as it was: {}", waiting.error().context);
  } else if (waiting->empty()) {
    base::log_info("the configuration was read again");
  } else {
    base::log_warning("the configuration was read again; changes that wait for a restart: {}",
                      fmt::join(*waiting, ", "));
  }
}

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// What a person who waits for the end is told.
void say_what_it_waits_for(const app::app& gateway, std::chrono::seconds drain) {
  const auto now = gateway.under_way();
  if (now.requests + now.calls == 0) return say("refrain stops");
  say(fmt::format("refrain stops: it waits for {} and {} under way, {} s at most; Ctrl-C again stops it at once",
                  counted(now.requests, "request"), counted(now.calls, "upstream call"), drain.count()));
}

/// The signals, one after the other, until the gateway has ended.
void obey(const held_signals& signals, app::app& gateway, const setting_flags& flags, const std::atomic<bool>& ended) {
  bool stopping = false;
  while (true) {
    const auto signal = signals.wait().si_signo;
    if (ended) return;
    if (signal == SIGHUP) {
      reload(gateway, flags);
    } else if (std::exchange(stopping, true)) {
      gateway.stop_at_once();
    } else {
      say_what_it_waits_for(gateway, gateway.drain_time());
      gateway.stop();
    }
  }
}

base::result<int> serve(const setting_flags& flags) {
  const held_signals signals{SIGINT, SIGTERM, SIGHUP};
  std::signal(SIGPIPE, SIG_IGN);
  raise_descriptor_limit();

  const auto from = config::process_environment();
  auto configuration = flags.load(from);
  if (!configuration) return base::fail(base::errc::bad_usage, std::move(configuration).error().context);
  const auto settings = configuration->values;
  base::set_log(settings.log.level, settings.log.format);
  auto gateway = app::app::make(std::move(*configuration), app::folders_of(from),
                                [flags] { return flags.load(config::process_environment()); });
  if (!gateway) return base::fail(std::move(gateway).error());
  for (const auto& line : (*gateway)->warnings()) base::log_warning("{}", line);
  print_banner(**gateway, settings);

  std::atomic<bool> ended{false};
  std::jthread listener{[&] { obey(signals, **gateway, flags, ended); }};
  (*gateway)->run();
  ended = true;
  ::pthread_kill(listener.native_handle(), SIGTERM);
  return exit_done;
}

}  // namespace

action attach_serve(CLI::App& app) { return make_action<setting_flags>(app, serve); }

}  // namespace refrain::cli
