#include "store/open_redis.h"

#include <chrono>

#include "base/log.h"
#include "redis/address.h"
#include "redis/trust.h"
#include "store/fallback_store.h"
#include "store/near_cache.h"
#include "store/redis_store.h"
#include "store/sqlite_store.h"
#include "store/tiered_store.h"

namespace refrain::store {
namespace {

using namespace std::chrono_literals;
using base::fail;

/// The login of the address as it is configured now: a file may have been given another password.
redis::login_source rereading(const redis_options& options) {
  if (!options.reread_url) return nullptr;
  return [url = options.reread_url]() -> std::optional<redis::login> {
    const auto there = redis::parse_address(url());
    if (!there) return std::nullopt;
    return there->data_login;
  };
}

base::result<redis::client_options> servers_at(const redis::address& there, const redis_options& options) {
  auto trust = redis::trust_of(there, options.tls);
  if (!trust) return fail(trust.error());
  const redis::link_options data{.where = {.socket_path = there.socket_path},
                                 .tls = *trust,
                                 .who = there.data_login,
                                 .limits = redis::reply_timeout{options.deadline}};
  auto asking = data;
  if (there.kind == redis::topology::sentinel) asking.who = there.sentinel_login;
  auto hosts = there.hosts;
  // A unix socket has none, and is one place all the same.
  if (hosts.empty()) hosts.emplace_back();
  return redis::client_options{
      .where = {.kind = there.kind, .hosts = std::move(hosts), .service = there.service, .asking = std::move(asking)},
      .node = {.lane = {.to = data, .reread = rereading(options)},
               .readers = options.readers,
               .connections = options.connections}};
}

/// A fallback that cannot be used is done without, with a line in the log.
std::unique_ptr<entry::store> with_fallback(std::unique_ptr<entry::store> shared, const store_options& options) {
  if (options.fallback.empty()) return shared;
  auto own = sqlite_store::open(options.fallback, options);
  if (own) return std::make_unique<fallback_store>(std::move(shared), *std::move(own));
  base::log_warning("store.fallback: {}; while Redis is away, memory alone serves", own.error().context);
  return shared;
}

}  // namespace

base::result<std::unique_ptr<entry::store>> open_redis(store_options options) {
  auto there = redis::parse_address(options.url);
  if (!there) return fail(there.error().code, "store.url: " + there.error().context);
  auto servers = servers_at(*there, options.redis);
  if (!servers) return fail(servers.error());
  auto near = std::make_shared<near_cache>(std::make_unique<memory_store>(options));
  auto shared = std::make_unique<redis_store>(*std::move(servers), there->location(), options, near);
  const auto met = shared->await(options.require ? 5s : 1s);
  if (options.require && !met) return fail(base::errc::store_unavailable, met.error().context);
  auto below = with_fallback(std::move(shared), options);
  return std::make_unique<tiered_store>(std::move(near), std::move(below));
}

}  // namespace refrain::store
