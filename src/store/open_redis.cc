#include "store/open_redis.h"

#include <chrono>

#include "net/tls.h"
#include "redis/address.h"
#include "store/memory_store.h"
#include "store/redis_store.h"
#include "store/tiered_store.h"

namespace refrain::store {
namespace {

using namespace std::chrono_literals;
using base::errc;
using base::fail;

base::result<std::shared_ptr<net::tls_context>> trust_of(const redis::address& there, const redis_wishes& wishes) {
  if (!there.tls) return nullptr;
  const auto tls = there.tls_wishes.or_else(wishes.tls);
  return net::tls_context::for_clients({.ca_file = tls.ca_file,
                                        .certificate_file = tls.certificate_file,
                                        .key_file = tls.key_file,
                                        .verify = tls.verify.value_or(true),
                                        .check_host = tls.check_host.value_or(true)});
}

base::result<redis::client_options> client_for(const redis::address& there, const redis_wishes& wishes) {
  auto trust = trust_of(there, wishes);
  if (!trust) return fail(trust.error());
  const auto& host = there.hosts.front();
  return redis::client_options{.server = {.where = {.host = host.host, .port = host.port},
                                          .tls = *std::move(trust),
                                          .who = {.user = there.credentials.user,
                                                  .password = there.credentials.password,
                                                  .database = there.database},
                                          .limits = redis::patience{wishes.deadline}},
                               .readers = wishes.readers,
                               .connections = wishes.connections};
}

}  // namespace

base::result<std::unique_ptr<entry::store>> open_redis(store_options options) {
  auto there = redis::parse_address(options.url);
  if (!there) return fail(there.error());
  if (there->kind != redis::topology::standalone || !there->socket_path.empty()) {
    return fail(errc::store_unavailable,
                "store.url: this version speaks to one Redis by TCP, to no Cluster, Sentinel or unix socket; use "
                "redis://host:port, sqlite:PATH or memory:");
  }
  auto server = client_for(*there, options.redis);
  if (!server) return fail(server.error());
  auto below = std::make_unique<redis_store>(*std::move(server), there->location(), options);
  const auto met = below->await(options.require ? 5s : 1s);
  if (options.require && !met) return fail(errc::store_unavailable, met.error().context);
  return std::make_unique<tiered_store>(std::make_unique<memory_store>(std::move(options)), std::move(below));
}

}  // namespace refrain::store
