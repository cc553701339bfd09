#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "app/folders.h"
#include "base/clock.h"
#include "base/finding.h"
#include "config/load.h"
#include "gateway/shared/site.h"

namespace refrain::cli {

using base::condition;
using base::finding;
using base::findings;

// What `refrain doctor` looks at: this machine, its store, its upstreams. Each check returns its findings and changes
// nothing that a gateway would not change as well.

/// The port that the gateway would listen on: free, or held by a gateway that runs already.
[[nodiscard]] findings check_port(const base::endpoint& listen);

/// The store: may it be written, does it open, who else can read it, is there room. `origin`: where store.url was set.
[[nodiscard]] findings check_store(const config::settings& settings, const app::folders& where,
                                   std::string_view origin = {});

/// Whether a store's URL is one of a Redis or Valkey, good or not.
[[nodiscard]] bool is_redis_url(std::string_view url);

/// Looks at the Redis, the Cluster or the Sentinels of that URL as the store would use them (redis/diagnosis.h): the
/// URL's parts, each connection, the server, the user's rights, a write. Some seconds at most where nothing answers.
[[nodiscard]] findings check_redis(const config::settings& settings, const std::string& url, std::string_view origin);

/// The working directory's `.env`: whether others can read its secrets, and whether git keeps them for everyone.
[[nodiscard]] findings check_dot_env(const std::filesystem::path& working_directory);

/// Whether a variable holds what nobody else is to read, by its name or by its value, such as a URL with a password.
/// Pure.
[[nodiscard]] bool holds_secret(std::string_view name, std::string_view value);

/// The admin token's file, once it is there.
[[nodiscard]] findings check_admin_token(const std::filesystem::path& state_folder);

/// A clock that is years behind finds every entry from the future, and every certificate not yet valid.
[[nodiscard]] finding check_clock(base::sys_seconds now);

/// The certificate with which the data plane serves TLS, and its key. Nothing where it does not.
[[nodiscard]] findings check_certificate(const config::settings& settings, base::sys_seconds now);

/// Keys of the gateway's own that are only placeholders.
[[nodiscard]] findings check_keys(const config::settings& settings);

/// A base-URL variable as clients on this machine see it: whether it leads to the gateway `at` this address by a path
/// that does not fit its SDKs (docs/guide/clients). Nothing where it leads elsewhere or fits. Pure.
[[nodiscard]] std::optional<finding> judge_client_url(std::string_view variable, std::string_view value,
                                                      const base::endpoint& at);

/// The same for all variables of the environment and of `.env`.
[[nodiscard]] findings check_client_urls(const config::environment& from, const base::endpoint& at);

/// What free disk space means for a store of this bound. Pure.
[[nodiscard]] finding judge_space(base::byte_count free, base::byte_count bound, std::string_view where);

/// What the mode of a file or folder with secrets or answers means. Pure.
[[nodiscard]] finding judge_mode(std::string_view check, const std::filesystem::path& path, std::filesystem::perms mode,
                                 std::string_view holds);

/// What an upstream said to a request that costs nothing.
struct upstream_response {
  int status = 0;
  std::string date;  ///< its Date field: what it takes the time to be
  std::chrono::milliseconds took{0};
};

/// A request that costs nothing.
struct upstream_probe {
  std::string head;           ///< the whole of it
  bool tells_of_key = false;  ///< the response's status tells whether the key is good
};

/// A GET that is free of charge: the list of models with the key where there is one, else the API's root. Pure.
[[nodiscard]] upstream_probe probe_for(const gateway::upstream& to);

/// Asks each of them, all at once; a few seconds at most. What each came to stands under its name. Errors: those of
/// http::client (name look-up, TCP, TLS with the verifier's reason, deadlines).
[[nodiscard]] std::map<std::string, base::result<upstream_response>> ask_upstreams(
    const std::map<std::string, const gateway::upstream*>& upstreams);

/// What the response means for the gateway. `is_default`: clients that name no upstream go there. Pure.
[[nodiscard]] findings judge_upstream(const gateway::upstream& to, const base::result<upstream_response>& response,
                                      bool is_default, base::sys_seconds now);

// What is told of the findings.

[[nodiscard]] bool has_fault(const findings& all) noexcept;

/// A line a finding with its mark, and the remedy indented below it; how many there are of each at the end.
[[nodiscard]] std::string as_text(const findings& all);

/// `{"ok": true, "checks": [{"check", "verdict", "text", "mend"}, ...]}`.
[[nodiscard]] std::string as_json(const findings& all);

}  // namespace refrain::cli
