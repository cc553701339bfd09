#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/url.h"
#include "redis/reply.h"

namespace refrain::redis {

enum class redirection : std::uint8_t {
  moved,      ///< the slot is the other node's for good
  ask,        ///< this once: the slot is on its way there
  try_again,  ///< the same node again, a moment later
};

/// Where a node of a Cluster sends us, in place of an answer.
struct redirect {
  redirection kind = redirection::moved;
  base::endpoint to;  ///< without a host: the one that was asked, at this port
};

/// The first reply that is such a one: `MOVED 3999 127.0.0.1:6381`, `ASK ...`, `TRYAGAIN ...`. Source: the Redis
/// Cluster specification, "Redirection and resharding".
[[nodiscard]] std::optional<redirect> find_redirect(const std::vector<reply>& said);

}  // namespace refrain::redis
