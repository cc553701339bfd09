#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/url.h"
#include "redis/reply.h"

namespace refrain::redis {

/// Where the data lie at this moment: the servers that take writes, and which of them has which slots.
struct layout {
  static constexpr std::uint16_t nobody = 0xffff;

  std::vector<base::endpoint> primaries;
  std::vector<base::endpoint> replicas;  ///< who may know what has become of a primary
  std::vector<std::uint16_t> owners;     ///< of each slot: an index of `primaries`, or nobody. Empty: no Cluster

  /// The primary that has the key; nothing where no one has.
  [[nodiscard]] std::optional<std::size_t> owner_of(std::string_view key) const noexcept;

  /// One server that has every key.
  [[nodiscard]] static layout of_one(base::endpoint server) { return {.primaries = {std::move(server)}}; }

  friend bool operator==(const layout&, const layout&) = default;
};

/// A node as CLUSTER SLOTS tells it: host, port, id and more. A host that it does not know is nil, empty or "?": then
/// it is where it was `asked`.
[[nodiscard]] std::optional<base::endpoint> read_cluster_node(const reply& told, const base::endpoint& asked);

/// Reads the answer to CLUSTER SLOTS. A node that does not know its own address is where it was `asked`; a node that
/// may not be believed (announced.h) is left out. Errors: store_unavailable where no slot has an owner or the
/// server is no Cluster, upstream_protocol. Source: https://redis.io/docs/latest/commands/cluster-slots/.
[[nodiscard]] base::result<layout> read_cluster_slots(const reply& said, const base::endpoint& asked,
                                                      const std::vector<base::endpoint>& configured);

}  // namespace refrain::redis
