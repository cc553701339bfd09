#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "base/result.h"
#include "config/candidates.h"
#include "config/variables.h"

namespace refrain::config {

/// A variable that existing setups name their Redis with.
struct redis_variable {
  std::string_view name;
  std::string_view meaning;
  std::string_view default_text;
};
[[nodiscard]] std::span<const redis_variable> redis_variables() noexcept;

/// Offers `store.url` where the variables name a Redis: REDIS_URL as it stands, else REDIS_CLUSTER_NODES, else
/// REDIS_SENTINEL_NODES with REDIS_SERVICE_NAME, else REDIS_HOST and its kin composed, of which any one is enough. They
/// count as one source, the latest that gives any. Fails with bad_config on a part that cannot be; paths of `..._FILE`
/// count from `folder`.
base::result<void> offer_redis(candidates& into, const variables& all, const std::filesystem::path& folder);

}  // namespace refrain::config
