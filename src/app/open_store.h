#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/folders.h"
#include "base/result.h"
#include "cache/purge.h"
#include "config/load.h"
#include "config/settings.h"
#include "entry/store.h"
#include "net/loop.h"
#include "store/options.h"

namespace refrain::app {

/// The store's URL as the configuration means it: the embedded one in the user's data folder where none is set.
[[nodiscard]] std::string store_url(const config::settings& settings, const folders& where);

/// What the configuration options of a Redis.
[[nodiscard]] store::redis_options redis_options(const config::settings::redis_section& said);

/// The part of memory.max_bytes that is for what is remembered of parsed requests; the memory tier has the rest.
[[nodiscard]] std::uint64_t memory_for_requests(const config::settings& settings);

/// Where store.url was set, as `refrain config` shows it.
[[nodiscard]] std::string url_origin(const config::loaded& from);

/// What a store can use of the process that opens it.
struct store_surroundings {
  std::vector<net::loop*> loops{};  ///< that will serve requests
  config::reader reread{};          ///< the configuration as it is now; empty: as it was
  std::string url_origin{};         ///< where store.url was set, for a person
  bool as_found = false;            ///< a command looks: no file is made, moved or begun anew
};

/// Opens the configured store. One that cannot be used is replaced by memory, with a line in `warnings`, unless
/// store.require is set: caching is never a point of failure.
[[nodiscard]] base::result<std::unique_ptr<entry::store>> open_store(const config::settings& settings,
                                                                     const folders& where,
                                                                     std::shared_ptr<cache::purge_book> purges,
                                                                     std::vector<std::string>& warnings,
                                                                     store_surroundings around = {});

/// What opening failed with, and where the setting that it names came from.
[[nodiscard]] base::error with_origin(base::error why, const config::loaded& from);

}  // namespace refrain::app
