#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "cache/purge.h"
#include "config/load.h"
#include "entry/store.h"
#include "ledger/ledger.h"
#include "semantic/matcher.h"

namespace refrain::admin {

/// What a gateway does at this moment.
struct activity {
  bool draining = false;     ///< new requests are refused
  std::size_t fills = 0;     ///< upstream calls that others may join
  std::size_t detached = 0;  ///< of these, those that go on though their client has left
};

/// What the admin plane looks at and acts on, and no more of a gateway than that. The admin plane has a thread of its
/// own: everything here may be used from any thread.
struct view {
  const base::clock& clock;
  entry::store& store;  ///< the entries, and the counters that outlive the process
  const cache::purge_book& purges;
  const ledger::ledger& money;
  std::function<std::shared_ptr<const config::loaded>()> configuration;  ///< as it stands now
  std::function<activity()> now;
  semantic::matcher* questions = nullptr;  ///< nullptr: no encoder
  std::string version;
  base::steady_time started{};
  std::string data_plane;  ///< "http://127.0.0.1:7337", or https
};

}  // namespace refrain::admin
