#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/url.h"
#include "redis/announced.h"
#include "redis/reply.h"

namespace refrain::redis {

/// Where the data lie at this moment: the servers that take writes, and which of them has which slots.
struct layout {
  static constexpr std::uint16_t nobody = 0xffff;

  std::vector<base::endpoint> primaries;
  std::vector<base::endpoint> replicas;  ///< who may know what has become of a primary
  std::vector<std::uint16_t> owners;     ///< of each slot: an index of `primaries`, or nobody. Empty: no Cluster
  std::map<base::endpoint, std::string> names{};  ///< hostnames that servers announce beside their addresses
  std::vector<base::endpoint> left_out{};         ///< announced, and not to be gone to (announced.h)

  /// The primary that has the key; nothing where no one has.
  [[nodiscard]] std::optional<std::size_t> owner_of(std::string_view key) const noexcept;

  /// What a server announced as its hostname; empty where it did not.
  [[nodiscard]] std::string_view name_of(const base::endpoint& server) const noexcept;

  /// One server that has every key.
  [[nodiscard]] static layout of_one(base::endpoint server) { return {.primaries = {std::move(server)}}; }

  friend bool operator==(const layout&, const layout&) = default;
};

/// Reads the answer to CLUSTER SLOTS. A node that does not know its own address is where it was `asked`; a node that
/// may not be believed is left out. Errors: store_unavailable where no slot has an owner or the server is no Cluster,
/// upstream_protocol. Source: https://redis.io/docs/latest/commands/cluster-slots/.
[[nodiscard]] base::result<layout> read_cluster_slots(const reply& said, const base::endpoint& asked,
                                                      const announcement_rules& rules);

/// What may be done about an announced address that is not to be gone to: goes after a colon.
inline constexpr std::string_view left_out_remedy =
    "add that host to redis+cluster:// if it is right, or say in redis.node_map where it is reached from here";

}  // namespace refrain::redis
