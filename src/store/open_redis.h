#pragma once

#include <memory>

#include "entry/store.h"
#include "store/options.h"

namespace refrain::store {

/// Opens the Redis that `options.url` names, with a memory tier over it. One that is away is found when it comes back,
/// unless `options.require` is set. Blocks for a second at most, or with `require` for five. Errors: bad_config with
/// the remedy and nothing secret, store_unavailable.
[[nodiscard]] base::result<std::unique_ptr<entry::store>> open_redis(store_options options);

}  // namespace refrain::store
