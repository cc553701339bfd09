#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "config/candidates.h"
#include "config/dot_env.h"

namespace refrain::config {

/// A variable and which of the two sources it is from.
struct variable {
  std::string value;
  source from = source::environment;
};

/// The variables of the environment and of `.env` under one roof.
using variables = std::map<std::string, variable, std::less<>>;

/// Lays the environment over `.env`: of one name the environment's counts, even where it is empty, as programs that
/// load a `.env` have it. Whoever hands a `.env` over line by line (`docker run --env-file`) leaves quotes and comments
/// in: a value is read as a line of that file means it. `${NAME}` and `${NAME:-otherwise}` stand for a variable that is
/// given.
[[nodiscard]] variables merge(const std::map<std::string, std::string>& environment, const dot_env& file);

/// Fails with bad_config where `${NAME}` is left in a variable of ours: it names none that is given.
base::result<void> refuse_unexpanded(const variables& all);

/// The variable, unless it is absent or empty: an empty one says nothing.
[[nodiscard]] const variable* find_given(const variables& all, std::string_view name);

/// `REDIS_URL in .env`.
[[nodiscard]] std::string origin_of(std::string_view name, source from);

/// Variables that begin with REFRAIN_ without being settings. (REFRAIN_ADMIN_TOKEN is `admin.token`: what the gateway
/// asks for, and what the commands show it.)
inline constexpr std::string_view config_variable = "REFRAIN_CONFIG";
inline constexpr std::string_view admin_url_variable = "REFRAIN_ADMIN_URL";
inline constexpr std::string_view encoder_folder_variable = "REFRAIN_ENCODER_FOLDER";

/// Whether Kubernetes sets it for a service: REFRAIN_SERVICE_HOST, REFRAIN_PORT, REFRAIN_ADMIN_PORT_7338_TCP ...
[[nodiscard]] bool is_from_kubernetes(std::string_view name, std::string_view value);

/// Offers every REFRAIN_<SECTION>_<NAME>; paths count from `folder`. Fails with bad_config on one that is no setting.
base::result<void> offer_own_variables(candidates& into, const variables& all, const std::filesystem::path& folder);

/// Offers the fixed variables: DEFAULT_OPTIMIZATION_LEVEL ..., and OPENAI_API_KEY and its like for the built-in
/// upstreams and those that `into` knows by now.
base::result<void> offer_fixed_variables(candidates& into, const variables& all, const std::filesystem::path& folder);

}  // namespace refrain::config
