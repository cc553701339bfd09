#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <thread>

#include "app/app.h"
#include "app/version.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/setting_flags.h"

namespace refrain::cli {
namespace {

/// The signals that mean something to a gateway: stop, stop, read the configuration again.
sigset_t handled_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGHUP);
  return set;
}

/// A connection takes a descriptor: as many as the system lets us have.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

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

/// What a person who has just started it needs to know.
void print_banner(const app::app& gateway, const config::settings& settings) {
  const auto address = gateway.base_url().origin();
  say(fmt::format("refrain {}  listening on {}", app::version, address));
  say(fmt::format("  store      {}", gateway.store_location()));
  say(fmt::format("  caching    {}", describe_caching(settings)));
  say(fmt::format("  base URL   export OPENAI_BASE_URL={}/v1", address));
  if (gateway.admin_plane()) say(fmt::format("  admin      {}", gateway.dashboard_url()));
  say("  look       refrain stats    refrain entries");
}

/// Reads the configuration anew, as at start. Gives the changed settings that wait for a restart.
base::result<std::vector<std::string>> read_again(app::app& gateway, const setting_flags& flags) {
  auto fresh = flags.load(config::process_environment());
  if (!fresh) return base::fail(std::move(fresh).error());
  return gateway.reload(std::move(*fresh));
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

int serve(const setting_flags& flags) {
  const auto signals = handled_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  raise_descriptor_limit();

  const auto from = config::process_environment();
  auto configuration = flags.load(from);
  if (!configuration) {
    fmt::print(stderr, "refrain: {}\n", configuration.error().context);
    return exit_usage;
  }
  const auto settings = configuration->values;
  base::set_log(settings.log.level, settings.log.format);
  auto gateway = app::app::make(std::move(*configuration), app::folders_of(from),
                                [flags] { return flags.load(config::process_environment()); });
  if (!gateway) {
    fmt::print(stderr, "refrain: {}\n", gateway.error().context);
    return exit_failed;
  }
  for (const auto& line : (*gateway)->warnings()) base::log_warning("{}", line);
  print_banner(**gateway, settings);

  std::jthread listener{[&] {
    for (int received = 0; sigwait(&signals, &received) == 0;) {
      if (received != SIGHUP) break;
      reload(**gateway, flags);
    }
    (*gateway)->stop();
  }};
  (*gateway)->run();
  return exit_done;
}

}  // namespace

std::function<int()> attach_serve(CLI::App& app) {
  auto flags = std::make_shared<setting_flags>(app);
  return [flags] { return serve(*flags); };
}

}  // namespace refrain::cli
