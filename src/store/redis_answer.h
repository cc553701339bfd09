#pragma once

#include <vector>

#include "base/result.h"
#include "redis/reply.h"

namespace refrain::store {

/// What a server's error reply means here: store_unavailable, to be tried again unless it is not permitted at all.
[[nodiscard]] std::unexpected<base::error> refused(const redis::reply& said);

/// The one reply to one command; an error that the server answers with is an error of ours.
[[nodiscard]] base::result<redis::reply> only_reply(base::result<std::vector<redis::reply>> said);

}  // namespace refrain::store
