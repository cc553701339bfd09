#include "app/open_store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "redis/address.h"
#include "redis/trust.h"
#include "store/registry.h"

namespace refrain::app {
namespace {

/// Why LiteLLM's entries will not be found, although they are asked for.
std::string litellm_warning(const config::settings& settings, const std::string& url) {
  if (!settings.store.litellm) return {};
  if (store::kind_of(url) != store::store_kind::redis) {
    return "store.litellm: LiteLLM's entries are looked for in the Redis that store.url names, and it names none";
  }
  if (settings.server.listen.is_loopback() || !settings.clients.empty()) return {};
  return "store.litellm: other machines reach this gateway, so that only clients it knows by name get what LiteLLM "
         "kept; name them as clients.<name>.key";
}

}  // namespace

store::redis_options redis_options(const config::settings::redis_section& said) {
  return {.deadline = said.deadline,
          .connections = said.connections,
          .tls = {.ca_file = said.tls_ca,
                  .certificate_file = said.tls_certificate,
                  .key_file = said.tls_key,
                  .verify = said.tls_verify,
                  .check_host = said.tls_check_host},
          .node_map = said.node_map};
}

std::string store_url(const config::settings& settings, const folders& where) {
  if (!settings.store.url.empty()) return settings.store.url;
  return where.data.empty() ? "memory:" : "sqlite:" + where.default_store().string();
}

std::string url_origin(const config::loaded& from) {
  const auto row = std::ranges::find(from.shown, "store.url", &config::shown_setting::key);
  return row == from.shown.end() || row->from == config::source::built_in ? std::string{} : row->origin;
}

std::uint64_t memory_for_requests(const config::settings& settings) { return settings.memory.max_bytes.value / 16; }

base::result<std::unique_ptr<entry::store>> open_store(const config::settings& settings, const folders& where,
                                                       std::shared_ptr<cache::purge_book> purges,
                                                       std::vector<std::string>& warnings, store_surroundings around) {
  store::store_options options{.url = store_url(settings, where),
                               .prefix = settings.store.prefix,
                               .memory_bytes = {settings.memory.max_bytes.value - memory_for_requests(settings)},
                               .max_bytes = settings.store.max_bytes,
                               .entry_cap = settings.cache.max_entry,
                               .keep_stale = settings.cache.keep_stale,
                               .longest_ttl = settings.cache.ttl_ceiling,
                               .sealer = {settings.security.secret, settings.security.secret_previous},
                               .purges = std::move(purges),
                               .redis = redis_options(settings.redis),
                               .require = settings.store.require,
                               .as_found = around.as_found,
                               .fallback = store::sqlite_path(settings.store.fallback).value_or("")};
  options.redis.readers = std::move(around.loops);
  options.redis.url_origin = std::move(around.url_origin);
  if (around.reread) {
    options.redis.reread_url = [reread = std::move(around.reread)] {
      const auto now = reread();
      return now ? now->values.store.url : std::string{};
    };
  }
  if (const auto there = redis::parse_address(options.url)) {
    if (!there->ignored.empty()) {
      warnings.push_back(
          fmt::format("store.url: in its query {} mean nothing here: leave them out", fmt::join(there->ignored, ", ")));
    }
    if (auto warning = redis::plain_text_warning(*there); !warning.empty()) warnings.push_back(std::move(warning));
  }
  if (settings.store.url.empty() && where.data.empty()) {
    warnings.emplace_back(
        "there is no folder to keep answers in, as neither HOME nor XDG_DATA_HOME is set: going on "
        "with memory alone; give store.url a path (--store sqlite:PATH)");
  }
  // Said rather than passed over: somebody counts on them.
  if (auto warning = litellm_warning(settings, options.url); !warning.empty()) warnings.push_back(std::move(warning));
  if (!settings.store.fallback.empty() && store::kind_of(options.url) != store::store_kind::redis) {
    warnings.emplace_back("store.fallback: it serves while a Redis is away, and store.url is none");
  }
  auto opened = store::open_store(options);
  if (opened || settings.store.require || opened.error().code == base::errc::bad_config) return opened;
  warnings.push_back(
      fmt::format("{}; going on with memory alone: nothing is kept when the gateway stops", opened.error().context));
  options.url = "memory:";
  return store::open_store(std::move(options));
}

base::error with_origin(base::error why, const config::loaded& from) {
  const auto named = why.context.substr(0, why.context.find(':'));
  const auto row = std::ranges::find(from.shown, named, &config::shown_setting::key);
  if (row == from.shown.end() || row->from == config::source::built_in) return why;
  why.context.insert(named.size(), config::where(row->from, row->origin));
  return why;
}

}  // namespace refrain::app
