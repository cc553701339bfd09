#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "net/loop.h"
#include "redis/address.h"
#include "redis/layout.h"
#include "redis/link.h"

namespace refrain::redis {

/// Where to look for the data, and whom to ask.
struct search {
  topology kind = topology::standalone;
  std::vector<base::endpoint> hosts;  ///< as configured: the server, any nodes of a Cluster, or Sentinels
  base::endpoint_map map;             ///< of addresses that servers announce
  std::string service;                ///< the name that Sentinels know the primary by
  link_options asking;                ///< how nodes or Sentinels are spoken to; the host is put in
};

/// Finds out where the data lie, by asking one after the other until somebody knows: a Cluster's nodes, those `known`
/// from before too, for its slots (CLUSTER SLOTS); Sentinels for the primary (SENTINEL GET-MASTER-ADDR-BY-NAME). `turn`
/// is the number of the attempt: each begins with another one. A single server needs no question. On `home`.
/// Errors: those of link::open, store_unavailable, upstream_protocol; of several, the one that a person should act on.
[[nodiscard]] net::task<base::result<layout>> find_layout(net::loop& home, search where,
                                                          std::vector<base::endpoint> known, std::size_t turn);

/// Reads what a Sentinel says of a service; `map` says where its primary is reached. Errors: store_unavailable with the
/// remedy, upstream_protocol.
[[nodiscard]] base::result<layout> read_sentinel(const reply& said, const std::string& service,
                                                 const base::endpoint_map& map);

}  // namespace refrain::redis
