#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace refrain::provider {

/// One of Refrain's own errors in the shape that a provider's SDKs read, as JSON that is right whatever the context
/// holds. `shape` is that JSON, in which these words stand for strings: `$message`, `$type` and `$label` (`api_error`,
/// `upstream_timeout`), `$google` (the status' name in google.rpc.Code); and `$status` for the status' number.
[[nodiscard]] std::string fill_error_shape(std::string_view shape, const base::error& why);

}  // namespace refrain::provider
