#include "server/health.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace refrain::server {
namespace {

constexpr std::string_view welcome =
    "Refrain is running: a caching gateway for LLM and speech APIs.\n"
    "Point your client's base URL here, for example OPENAI_BASE_URL=<address of this page>v1\n"
    "Health: /healthz and /readyz. Metrics: /metrics.\n";

double up(entry::store_health health) noexcept {
  if (health == entry::store_health::ready) return 1;
  return health == entry::store_health::degraded ? 0.5 : 0;
}

std::optional<double> number(std::optional<std::uint64_t> known) noexcept {
  return known ? std::optional{static_cast<double>(*known)} : std::nullopt;
}

net::task<> send(http::exchange& with, int status, std::string_view type, std::string body) {
  http::reply_head head{.status = status, .fields = {}};
  head.add("Date", http::date_now());
  head.add("Content-Type", type);
  head.add("Cache-Control", "no-store");
  head.add("X-Content-Type-Options", "nosniff");
  if (status == 405) head.add("Allow", "GET, HEAD");
  (void)co_await with.send(head, std::string_view{body});
}

}  // namespace

net::task<> health::answer(http::exchange& with, route_kind what) const {
  const auto& method = with.request().method;
  constexpr std::string_view json = "application/json";
  constexpr std::string_view text = "text/plain; charset=utf-8";
  if (method != "GET" && method != "HEAD") {
    co_await send(with, 405, json, R"({"error":{"code":"method_not_allowed","message":"use GET"}})");
  } else if (what == route_kind::healthz) {
    co_await send(with, 200, json, R"({"status":"ok"})");
  } else if (what == route_kind::readyz) {
    co_await send(with, shared_.draining ? 503 : 200, json, ready_body());
  } else if (what == route_kind::metrics) {
    refresh_gauges();
    co_await send(with, 200, "text/plain; version=0.0.4; charset=utf-8", all_.expose());
  } else {
    co_await send(with, 200, text, std::string(welcome));
  }
}

std::string health::ready_body() const {
  const auto store = shared_.store.status();
  // A store that is down degrades the gateway, and no more: applications must keep working.
  const bool well = store.health == entry::store_health::ready;
  return boost::json::serialize(boost::json::object{
      {"status", shared_.draining ? "draining"
                 : well           ? "ready"
                                  : "degraded"},
      {"store", {{"kind", store.kind}, {"health", to_string(store.health)}, {"detail", store.detail}}}});
}

void health::refresh_gauges() const {
  const auto store = shared_.store.status();
  for (std::size_t type = 0; type < entry::cache_type_count; ++type) {
    std::optional<double> bytes;
    if (store.bytes_by_type) bytes = static_cast<double>((*store.bytes_by_type)[type]);
    all_.set_known("cache_size_bytes", bytes, to_string(static_cast<entry::cache_type>(type)));
  }
  all_.set_known("refrain_store_bytes", number(store.bytes));
  all_.set_known("refrain_store_entries", number(store.entries));
  all_.set_known("refrain_store_max_bytes", number(store.max_bytes));
  all_.set_known("refrain_store_evictions", number(store.evictions));
  all_.gauge_of("refrain_store_writes_dropped").set(static_cast<double>(store.writes_dropped));
  all_.gauge_of("refrain_store_mismatches").set(static_cast<double>(store.mismatches));
  all_.gauge_of("refrain_store_up").set(up(store.health));
  all_.gauge_of("refrain_fills").set(static_cast<double>(shared_.fills.size()));
  all_.gauge_of("refrain_tunnels").set(shared_.tunnels.load());
  all_.gauge_of("refrain_fill_bytes").set(static_cast<double>(shared_.budget.taken()));
}

}  // namespace refrain::server
