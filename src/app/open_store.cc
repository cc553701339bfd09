#include "app/open_store.h"

#include <fmt/format.h>

#include "store/registry.h"

namespace refrain::app {

namespace {

/// `redis://`, `rediss://`, `redis+cluster://`, `redis+sentinel://`.
bool is_redis(const std::string& url) { return url.starts_with("redis"); }

}  // namespace

std::string store_url(const config::settings& settings, const folders& where) {
  return settings.store.url.empty() ? "sqlite:" + where.default_store().string() : settings.store.url;
}

base::result<std::unique_ptr<entry::store>> open_store(const config::settings& settings, const folders& where,
                                                       std::shared_ptr<cache::purge_book> purges,
                                                       std::vector<std::string>& warnings) {
  store::store_options options{.url = store_url(settings, where),
                               .memory_bytes = settings.memory.max_bytes,
                               .max_bytes = settings.store.max_bytes,
                               .entry_cap = settings.cache.max_entry,
                               .keep_stale = settings.cache.keep_stale,
                               .longest_ttl = settings.cache.ttl_ceiling,
                               .sealer = {settings.security.secret, settings.security.secret_previous},
                               .purges = std::move(purges)};
  if (is_redis(options.url) && !settings.store.require) {
    // Settings of an existing setup must not keep an application from working.
    warnings.push_back(
        "this version has no Redis store yet: REDIS_* settings are not used, answers are kept in the "
        "embedded store (store.url = sqlite:)");
    options.url = "sqlite:" + where.default_store().string();
  }
  auto opened = store::open_store(options);
  if (opened || settings.store.require || opened.error().code == base::errc::bad_config) return opened;
  warnings.push_back(
      fmt::format("{}; going on with memory alone: nothing is kept when the gateway stops", opened.error().context));
  options.url = "memory:";
  return store::open_store(std::move(options));
}

}  // namespace refrain::app
