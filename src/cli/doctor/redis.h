#pragma once

#include <string>
#include <string_view>

#include "cli/doctor/report.h"
#include "config/settings.h"

namespace refrain::cli {

/// Whether a store's URL is one of a Redis or Valkey, good or not.
[[nodiscard]] bool is_redis_url(std::string_view url);

/// Looks at the Redis, the Cluster or the Sentinels of that URL as the store would use them (redis/diagnosis.h): the
/// URL's parts, each connection, the server, the user's rights, a write. Some seconds at most where nothing answers.
[[nodiscard]] findings check_redis(const config::settings& settings, const std::string& url);

}  // namespace refrain::cli
