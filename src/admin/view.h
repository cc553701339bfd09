#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "config/load.h"
#include "entry/store.h"
#include "gateway/shared/parts.h"
#include "gateway/shared/site.h"

namespace refrain::admin {

/// What the admin plane looks at and acts on. The functions may be called from any thread.
struct view {
  gateway::parts& shared;
  entry::store& store;                                                   ///< of the parts above, as operators have it
  std::function<std::shared_ptr<const config::loaded>()> configuration;  ///< as it stands now
  std::string version;
  base::steady_time started{};
  std::string data_plane;  ///< "http://127.0.0.1:7337", or https
};

}  // namespace refrain::admin
