#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/url.h"
#include "redis/finding.h"
#include "redis/link.h"

namespace refrain::redis {

/// What a Sentinel says of a service.
struct sentinel_answer {
  std::optional<base::endpoint> primary;
  findings seen;
};

/// Asks a Sentinel over its link where a service's primary is, and whether enough of them stand to move it. `place` is
/// where the Sentinel is.
[[nodiscard]] net::task<sentinel_answer> ask_sentinel(std::shared_ptr<link> over, std::string service,
                                                      std::string place);

}  // namespace refrain::redis
