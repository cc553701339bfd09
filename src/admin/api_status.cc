// What the gateway is, how it is and how it is set.

#include <boost/json/array.hpp>
#include <chrono>

#include "admin/json_forms.h"
#include "admin/routes.h"

namespace refrain::admin {
namespace {

constexpr std::string_view front_page =
    "This is the admin plane of Refrain, a caching gateway for LLM and speech APIs.\n"
    "\n"
    "Its JSON API begins at /api/health and wants 'Authorization: Bearer TOKEN'. The token is admin.token, or else\n"
    "stands in the file admin-token of Refrain's state folder: $XDG_STATE_HOME/refrain, usually\n"
    "~/.local/state/refrain.\n"
    "\n"
    "On a terminal: refrain stats, refrain entries, refrain purge.\n";

/// A store that is down degrades the gateway, and no more: applications go on.
std::string_view state_of(const activity& now, entry::store_health store) noexcept {
  if (now.draining) return "draining";
  return store == entry::store_health::ready ? "ready" : "degraded";
}

}  // namespace

handled show_front_page(const view& /*gateway*/, api_call /*call*/) {
  co_return reply{.type = content::text, .body = std::string(front_page)};
}

handled show_health(const view& gateway, api_call /*call*/) {
  co_await gateway.store.catalogue().measure();
  const auto now = gateway.now();
  const auto store = gateway.store.status();
  const auto uptime = std::chrono::floor<std::chrono::seconds>(gateway.clock.steady() - gateway.started);
  co_return json_reply({{"status", text_form(state_of(now, store.health))},
                        {"version", gateway.version},
                        {"uptime_seconds", uptime.count()},
                        {"started_at", iso_8601(gateway.clock.seconds() - uptime)},
                        {"data_plane", gateway.data_plane},
                        {"draining", now.draining},
                        {"fills", {{"under_way", now.fills}, {"unattended", now.detached}}},
                        {"store", form_of(store)}});
}

handled show_config(const view& gateway, api_call /*call*/) {
  const auto now = gateway.configuration();
  boost::json::array settings;
  boost::json::array waiting;
  boost::json::array warnings;
  for (const auto& one : now->shown) settings.emplace_back(form_of(one));
  for (const auto& one : now->waiting) waiting.emplace_back(form_of(one));
  for (const auto& line : now->warnings) warnings.emplace_back(text_form(line));
  const boost::json::object form{
      {"settings", std::move(settings)}, {"waiting", std::move(waiting)}, {"warnings", std::move(warnings)}};
  co_return json_reply(form);
}

}  // namespace refrain::admin
