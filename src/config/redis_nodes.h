#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace refrain::config {

/// The nodes of a Cluster, or the Sentinels, as variables list them, put as a URL lists them: `a:7000,[::1]:7001`.
///
/// - `[{"host": "a", "port": 7000}]`, LiteLLM's REDIS_CLUSTER_NODES; its port may be a text
/// - `[["a", 26379]]`, LiteLLM's REDIS_SENTINEL_NODES
/// - `["a:7000"]` and `a:7000,b`
///
/// `port` counts where none is given. Nothing where the text is none of these, names nobody, or holds what no host has.
[[nodiscard]] std::optional<std::string> read_redis_nodes(std::string_view text, std::uint16_t port);

}  // namespace refrain::config
