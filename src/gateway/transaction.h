#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cache/directives.h"
#include "cache/policy.h"
#include "cache/status.h"
#include "cache/tenant.h"
#include "entry/entry.h"
#include "entry/outcome.h"
#include "entry/parsed_request.h"
#include "gateway/meters.h"
#include "gateway/site.h"
#include "http/exchange.h"
#include "provider/registry.h"

namespace refrain::gateway {

/// Where a request wants to go: what the router made of its path.
struct target {
  const upstream* to = nullptr;
  const provider::endpoint_row* endpoint = nullptr;  ///< nullptr: no dialect knows it, it passes through
  std::string_view path;                             ///< below the upstream's base URL
  std::string_view query;
};

/// One request on its way through the steps. Each step reads what the earlier ones wrote.
struct transaction {
  transaction(http::exchange& client, std::shared_ptr<const site> site, const target& destination,
              base::steady_time now)
      : with(client), at(std::move(site)), where(destination), began(now) {}

  http::exchange& with;
  std::shared_ptr<const site> at;
  target where;
  base::steady_time began;

  // admit
  std::shared_ptr<const cache::identity> who;

  // read
  std::string_view body;
  std::shared_ptr<const entry::parsed_request> known;
  cache::directives asked;
  cache::plan plan;
  cache::tenant whose;
  entry::entry_id id;

  // lookup
  std::optional<cache::freshness> found;  ///< verdict on the entry that was there
  base::sys_seconds found_from{};         ///< when it was stored
  std::string unfit;                      ///< fill of an entry that cannot take the form that is asked for
  entry::entry_ptr stand_in;              ///< past its time, but better than an error
  bool inherited = false;                 ///< the entry that answers was LiteLLM's until now

  // deliver
  entry::outcome result = entry::outcome::bypass;
  std::optional<entry::micro_usd> saved;  ///< what a hit would have cost
  std::optional<item_counts> items;       ///< of a batch; one thing, as `result` says, where absent
};

}  // namespace refrain::gateway
