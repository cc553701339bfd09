#pragma once

#include "gateway/assemble/reply.h"
#include "gateway/sources/search.h"

namespace refrain::gateway {

/// Makes the reply of what the sources have found for a request's items, or of why they have not. `at`: now.
[[nodiscard]] reply assemble(const search& lookup, parts& shared, base::sys_seconds at);

/// Why no similar question's answer was served, as Cache-Status says it: `semantic-below`, `semantic-guarded-number`.
/// Empty where none was looked for, and none asked for.
[[nodiscard]] std::string similar_detail(const search& lookup);

}  // namespace refrain::gateway
