#pragma once

#include <memory>

#include "cli/backend.h"
#include "config/load.h"

namespace refrain::cli {

/// The configured store, opened by the command itself because no gateway runs. The admin plane's own handlers respond
/// for it. A store that is not there yet is not made by looking: it is as an empty one, unless `then` says else.
/// Errors: bad_config, also for a store that lives in a gateway's memory alone; the store's own.
[[nodiscard]] base::result<std::unique_ptr<backend>> open_local_store(const config::environment& from,
                                                                      config::loaded configuration, if_missing then);

}  // namespace refrain::cli
