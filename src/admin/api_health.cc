#include <boost/json/serialize.hpp>
#include <chrono>

#include "admin/handlers.h"
#include "admin/json_forms.h"

namespace refrain::admin {
namespace {

/// A store that is down degrades the gateway, and no more: applications go on.
std::string_view state_of(const gateway::parts& shared, entry::store_health store) noexcept {
  if (shared.draining) return "draining";
  return store == entry::store_health::ready ? "ready" : "degraded";
}

}  // namespace

net::task<base::result<std::string>> show_health(const view& of, api_call /*what*/) {
  const auto& shared = of.shared;
  const auto store = of.store.status();
  const auto uptime = std::chrono::floor<std::chrono::seconds>(shared.clock.steady() - of.started);
  boost::json::object form{{"status", text_form(state_of(shared, store.health))},
                           {"version", of.version},
                           {"uptime_seconds", uptime.count()},
                           {"started_at", iso_8601(shared.clock.seconds() - uptime)},
                           {"data_plane", of.data_plane},
                           {"draining", shared.draining.load()}};
  form["fills"] = {{"under_way", shared.fills.size()}, {"unattended", shared.detached.load()}};
  form["store"] = form_of(store);
  co_return boost::json::serialize(form);
}

}  // namespace refrain::admin
