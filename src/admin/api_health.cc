#include <chrono>

#include "admin/handlers.h"
#include "admin/json_forms.h"

namespace refrain::admin {
namespace {

/// A store that is down degrades the gateway, and no more: applications go on.
std::string_view state_of(const activity& now, entry::store_health store) noexcept {
  if (now.draining) return "draining";
  return store == entry::store_health::ready ? "ready" : "degraded";
}

}  // namespace

handled show_health(const view& of, api_call /*what*/) {
  const auto now = of.now();
  const auto store = of.store.status();
  const auto uptime = std::chrono::floor<std::chrono::seconds>(of.clock.steady() - of.started);
  co_return json_reply({{"status", text_form(state_of(now, store.health))},
                        {"version", of.version},
                        {"uptime_seconds", uptime.count()},
                        {"started_at", iso_8601(of.clock.seconds() - uptime)},
                        {"data_plane", of.data_plane},
                        {"draining", now.draining},
                        {"fills", {{"under_way", now.fills}, {"unattended", now.detached}}},
                        {"store", form_of(store)}});
}

}  // namespace refrain::admin
