#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <string>

#include "cli/backend.h"

namespace refrain::cli {

/// Whether to go on; an error ends the walk with it.
using visitor = std::function<base::result<bool>(const admin_response& entry)>;

/// Walks over entries page by page until there are no more, `most` were seen, or `each` returns false. `query` narrows
/// them: `&model=gpt-4o`; `cursor`: where an earlier walk ended. Returns the cursor of what was not seen, empty at the
/// end. Errors as backend::ask.
[[nodiscard]] base::result<std::string> walk_entries(backend& api, const std::string& query, const visitor& each,
                                                     std::string cursor = {},
                                                     std::size_t most = std::numeric_limits<std::size_t>::max());

/// The whole name of an entry from what a person types: a name or a digest as it is, or the beginning of a digest, 8 or
/// more hex digits, as listings show it. Errors: not_found; bad_usage where several begin like that.
[[nodiscard]] base::result<std::string> whole_name(backend& api, const std::string& typed);

/// "/api/entries/{name}", encoded.
[[nodiscard]] std::string target_of(const std::string& name);

}  // namespace refrain::cli
