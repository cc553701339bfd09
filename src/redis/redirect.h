#pragma once

#include <optional>
#include <vector>

#include "base/url.h"
#include "redis/faults.h"
#include "redis/reply.h"

namespace refrain::redis {

/// Where a node of a Cluster sends us, in place of an answer.
struct redirect {
  fault kind = fault::moved;  ///< or ask, which is for this once, or try_again, of the same node a moment later
  base::endpoint to;          ///< without a host: the one that was asked, at this port
};

/// The first reply that is such a one: `MOVED 3999 127.0.0.1:6381`, `ASK ...`, `TRYAGAIN ...`. Source: the Redis
/// Cluster specification, "Redirection and resharding".
[[nodiscard]] std::optional<redirect> find_redirect(const std::vector<reply>& said);

}  // namespace refrain::redis
