#pragma once

#include <memory>

#include "entry/store.h"
#include "store/options.h"

namespace refrain::store {

/// Opens the store that `options.url` names: `memory:`, or with a memory tier over it `sqlite:PATH` or a Redis's
/// address (redis/address.h), which is everything else. Fails with bad_config for what is no address, and with a
/// sentence that names the remedy where the store cannot be used; whether to go on with `memory:` then is the caller's
/// to decide.
[[nodiscard]] base::result<std::unique_ptr<entry::store>> open_store(store_options options);

}  // namespace refrain::store
