#include "store/registry.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

#include "base/log.h"
#include "base/text.h"
#include "redis/address.h"
#include "redis/trust.h"
#include "store/fallback_store.h"
#include "store/memory_store.h"
#include "store/near_cache.h"
#include "store/redis_store.h"
#include "store/sqlite_store.h"
#include "store/tiered_store.h"

namespace refrain::store {
namespace {

using namespace std::chrono_literals;
using base::errc;
using base::fail;
using opened = base::result<std::unique_ptr<entry::store>>;

opened open_memory(store_options options) { return std::make_unique<memory_store>(std::move(options)); }

opened open_sqlite(store_options options) {
  auto path = sqlite_path(options.url).value_or("");
  if (path.empty()) return fail(errc::bad_config, "store.url: sqlite: wants a path, as in sqlite:cache.db");
  auto below = sqlite_store::open(std::move(path), options);
  if (!below) return fail(below.error());
  auto near = std::make_shared<near_cache>(std::make_unique<memory_store>(std::move(options)));
  return std::make_unique<tiered_store>(std::move(near), *std::move(below));
}

/// The login of the address as it is configured now: a file may have been given another password.
redis::login_source rereading(const redis_options& options) {
  if (!options.reread_url) return nullptr;
  return [url = options.reread_url, origin = options.url_origin]() -> std::optional<redis::login> {
    auto there = redis::parse_address(url());
    if (!there) return std::nullopt;
    there->note_origin(origin);
    return there->data_login;
  };
}

base::result<redis::client_options> servers_at(const redis::address& there, const redis_options& options) {
  auto trust = redis::trust_of(there, options.tls);
  if (!trust) return fail(trust.error());
  const redis::link_options data{.where = {.socket_path = there.socket_path, .other_names = there.names()},
                                 .tls = *trust,
                                 .who = there.data_login,
                                 .limits = redis::reply_timeout{options.deadline}};
  auto asking = data;
  if (there.kind == redis::topology::sentinel) asking.who = there.sentinel_login;
  auto hosts = there.hosts;
  // A unix socket has none, and is one place all the same.
  if (hosts.empty()) hosts.emplace_back();
  return redis::client_options{.where = {.kind = there.kind,
                                         .hosts = std::move(hosts),
                                         .map = options.node_map,
                                         .service = there.service,
                                         .asking = std::move(asking)},
                               .node = {.lane = {.to = data, .reread = rereading(options)},
                                        .readers = options.readers,
                                        .connections = options.connections}};
}

/// A fallback that cannot be used is done without, with a line in the log.
std::unique_ptr<entry::store> with_fallback(std::unique_ptr<entry::store> shared, const store_options& options) {
  if (options.fallback.empty()) return shared;
  auto own = sqlite_store::open(options.fallback, options);
  if (!own && options.as_found) return shared;
  if (own) return std::make_unique<fallback_store>(std::move(shared), *std::move(own));
  base::log_warning("store.fallback: {}; while Redis is away, memory alone serves", own.error().context);
  return shared;
}

/// With a memory tier over it. One that is away is found when it comes back, unless `options.require` is set. Blocks
/// for a second at most, or with `require` for five.
opened open_redis(store_options options) {
  auto there = redis::parse_address(options.url);
  if (!there) return fail(there.error().code, "store.url: " + there.error().context);
  there->note_origin(options.redis.url_origin);
  auto servers = servers_at(*there, options.redis);
  if (!servers) return fail(servers.error());
  auto near = std::make_shared<near_cache>(std::make_unique<memory_store>(options));
  auto shared = std::make_unique<redis_store>(*std::move(servers), there->location(), options, near);
  const auto met = shared->await(options.require ? 5s : 1s);
  if (options.require && !met) return fail(errc::store_unavailable, met.error().context);
  auto below = with_fallback(std::move(shared), options);
  return std::make_unique<tiered_store>(std::move(near), std::move(below));
}

struct scheme {
  std::string_view name;
  store_kind kind;
  std::string_view form;
  opened (*open)(store_options options);
};

/// A Redis's scheme may go on with a plus, as in redis+cluster: redis/address.h knows how.
constexpr std::array schemes{
    scheme{"memory", store_kind::memory, "memory:", open_memory},
    scheme{"sqlite", store_kind::sqlite, "sqlite:PATH", open_sqlite},
    scheme{"redis", store_kind::redis, "redis://HOST", open_redis},
    scheme{"rediss", store_kind::redis, "rediss://HOST", open_redis},
    scheme{"valkey", store_kind::redis, "valkey://HOST", open_redis},
    scheme{"valkeys", store_kind::redis, "valkeys://HOST", open_redis},
    scheme{"unix", store_kind::redis, "unix:///SOCKET", open_redis},
};

std::string scheme_in(std::string_view url) { return base::to_lower(url.substr(0, url.find(':'))); }

const scheme* row_of(std::string_view url) {
  if (!url.contains(':')) return nullptr;
  const auto name = scheme_in(url);
  const auto* const row = std::ranges::find_if(schemes, [&](const scheme& one) {
    return name == one.name || (one.kind == store_kind::redis && name.substr(0, name.find('+')) == one.name);
  });
  return row == schemes.end() ? nullptr : row;
}

/// Nothing of the text is repeated: it may hold a password.
std::unexpected<base::error> refuse_scheme(std::string_view url) {
  // Quotes around an address, a web API's: what is odd about one is known where those of a Redis are read.
  const auto there = redis::parse_address(url);
  if (!there && !there.error().context.starts_with("no scheme")) {
    return fail(errc::bad_config, "store.url: " + there.error().context);
  }
  std::vector<std::string_view> names;
  std::vector<std::string_view> forms;
  for (const auto& row : schemes) {
    names.push_back(row.name);
    forms.push_back(row.form);
  }
  const auto meant = base::nearest(scheme_in(url), names);
  return fail(errc::bad_config,
              fmt::format("store.url: it begins with no scheme of a store{} There are {}",
                          meant ? fmt::format(", did you mean {}:?", *meant) : ".", fmt::join(forms, ", ")));
}

}  // namespace

std::optional<store_kind> kind_of(std::string_view url) {
  const auto* const row = row_of(url);
  return row == nullptr ? std::nullopt : std::optional{row->kind};
}

std::optional<std::string> sqlite_path(std::string_view url) {
  if (kind_of(url) != store_kind::sqlite) return std::nullopt;
  return std::string{url.substr(url.find(':') + 1)};
}

base::result<std::unique_ptr<entry::store>> open_store(store_options options) {
  const auto* const row = row_of(options.url);
  if (row == nullptr) return refuse_scheme(options.url);
  return row->open(std::move(options));
}

}  // namespace refrain::store
