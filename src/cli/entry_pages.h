#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "cli/answer.h"
#include "cli/backend.h"

namespace refrain::cli {

/// Walks over entries page by page until there are no more, `most` were seen, or `each` returns false. `query` narrows
/// them: `&model=gpt-4o`. Returns the cursor of what was not seen, empty at the end. Errors as backend::ask.
[[nodiscard]] base::result<std::string> walk_entries(backend& who, const std::string& query, std::string cursor,
                                                     std::size_t most,
                                                     const std::function<bool(const boost::json::value&)>& each);

/// The whole name of an entry from what a person types: a name or a digest as it is, or the beginning of a digest, 8 or
/// more hex digits, as listings show it. Errors: not_found; bad_usage where several begin like that.
[[nodiscard]] base::result<std::string> whole_name(backend& who, const std::string& typed);

/// "/api/entries/{name}", encoded.
[[nodiscard]] std::string target_of(const std::string& name);

}  // namespace refrain::cli
