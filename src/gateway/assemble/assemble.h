#pragma once

#include "gateway/assemble/reply.h"
#include "gateway/sources/search.h"

namespace refrain::gateway {

/// Makes the reply of what the sources have found for a request's items, or of why they have not. `at`: now.
[[nodiscard]] reply assemble(const search& lookup, parts& shared, base::sys_seconds at);

}  // namespace refrain::gateway
