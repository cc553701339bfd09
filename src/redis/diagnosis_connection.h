#pragma once

#include <memory>
#include <string>

#include "redis/finding.h"
#include "redis/link.h"

namespace refrain::redis {

/// What came of knocking at one place: a link, or findings that say why there is none. Both where it works, though not
/// as it should. Who takes the link closes it.
struct visit {
  std::shared_ptr<link> over;
  findings seen;
};

/// Connects to a place; where that fails, looks closer until it can say why: whether what answers speaks TLS, plain
/// text or another protocol, what its certificate lacks, what the credentials lack. `what` names the findings. The
/// limit of `options.where` counts for each step.
[[nodiscard]] net::task<visit> knock(net::loop& home, link_options options, std::string what);

}  // namespace refrain::redis
