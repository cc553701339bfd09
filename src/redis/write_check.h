#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/url.h"
#include "redis/finding.h"
#include "redis/link.h"

namespace refrain::redis {

/// Writes a hash in the way in which the store writes an entry (MULTI, DEL, HSET, PEXPIRE, EXEC) and deletes it, over a
/// link made with these options. Where the key's slot is another node's, it goes there once, as a Cluster's client
/// does, unless that lies outside of the `configured` networks (announced.h).
[[nodiscard]] net::task<finding> try_write(net::loop& home, std::shared_ptr<link> over, link_options options,
                                           std::string key, std::vector<base::endpoint> configured);

}  // namespace refrain::redis
