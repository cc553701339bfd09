#pragma once

#include "gateway/assemble/reply.h"
#include "gateway/sources/search.h"

namespace refrain::gateway {

/// The reply to a request for a list, put together from what was found for its items.
[[nodiscard]] reply reply_of_list(const search& lookup, parts& shared, base::sys_seconds at);

}  // namespace refrain::gateway
