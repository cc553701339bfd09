#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "base/url.h"
#include "config/candidates.h"

namespace refrain::config {
namespace {

/// Where the name was first given: the origin of any of its settings.
std::string origin_of_name(const candidates& all, std::string_view section, std::string_view name) {
  for (const auto& row : table()) {
    if (!is_named(row) || !row.key.starts_with(section)) continue;
    if (const auto* const found = all.winner(key_of(row, name))) return where(found->from, found->origin);
  }
  return "";
}

/// Whether a URL leads to OpenAI itself, at its usual host or at one of a region.
bool is_openais_own(std::string_view base_url) {
  constexpr std::string_view own_host = "api.openai.com";
  const auto url = base::parse_url(base_url);
  if (!url) return false;
  const auto host = base::to_lower(url->host);
  return host == own_host || host.ends_with("." + std::string{own_host});
}

base::result<void> complete_upstreams(const candidates& all, settings& values) {
  for (auto& [name, upstream] : values.upstreams) {
    if (upstream.dialect.empty()) upstream.dialect = "openai";
    // Servers that only speak as OpenAI does may refuse to be asked, at whatever name they are.
    if (all.winner(fmt::format("upstream.{}.ask_usage", name)) == nullptr) {
      upstream.ask_usage = upstream.dialect == "openai" && is_openais_own(upstream.base_url);
    }
    if (!upstream.base_url.empty()) continue;
    return base::fail(base::errc::bad_config, fmt::format("upstream {}{} has no address: give upstream.{}.base_url",
                                                          name, origin_of_name(all, "upstream.", name), name));
  }
  return {};
}

base::result<void> complete_clients(const candidates& all, settings& values) {
  std::map<std::string_view, std::string_view> owner_of;
  for (auto& [name, client] : values.clients) {
    if (client.tenant.empty()) client.tenant = name;
    if (client.key.empty()) {
      return base::fail(base::errc::bad_config, fmt::format("client {}{} has no key: give clients.{}.key", name,
                                                            origin_of_name(all, "clients.", name), name));
    }
    const auto [other, is_new] = owner_of.emplace(client.key.reveal(), name);
    if (!is_new) {
      return base::fail(base::errc::bad_config,
                        fmt::format("clients {} and {} have the same key: give each its own", other->second, name));
    }
  }
  return {};
}

base::result<void> check_default_upstream(const candidates& all, const settings& values) {
  const auto& wanted = values.server.default_upstream;
  if (values.upstreams.contains(wanted)) return {};
  std::vector<std::string_view> names;
  for (const auto& [name, upstream] : values.upstreams) names.push_back(name);
  const auto near = base::nearest(wanted, names);
  const auto* const given = all.winner("server.default_upstream");
  return base::fail(base::errc::bad_config,
                    fmt::format("server.default_upstream = '{}'{}: there is no such upstream; {}", wanted,
                                given == nullptr ? "" : where(given->from, given->origin),
                                near ? fmt::format("did you mean {}?", *near)
                                     : fmt::format("give upstream.{}.base_url too", wanted)));
}

base::result<void> refuse_half(const candidates& all, std::string_view given, std::string_view missing,
                               std::string_view remedy) {
  const auto* const from = all.winner(given);
  return base::fail(base::errc::bad_config,
                    fmt::format("{} is given{} and {} is not: {}", given,
                                from == nullptr ? "" : where(from->from, from->origin), missing, remedy));
}

/// One without the other would mean plain HTTP where TLS was meant.
base::result<void> check_serving_tls(const candidates& all, const settings& values) {
  static constexpr std::string_view certificate = "server.tls_certificate";
  static constexpr std::string_view key = "server.tls_key";
  static constexpr std::string_view remedy = "give both, or neither";
  const auto& server = values.server;
  if (server.tls_certificate.empty() == server.tls_key.empty()) return {};
  return server.tls_key.empty() ? refuse_half(all, certificate, key, remedy)
                                : refuse_half(all, key, certificate, remedy);
}

/// A key without a certificate would be shown to nobody. (The other way round one file may hold both.)
base::result<void> check_redis_tls(const candidates& all, const settings& values) {
  if (values.redis.tls_key.empty() || !values.redis.tls_certificate.empty()) return {};
  return refuse_half(all, "redis.tls_key", "redis.tls_certificate", "give the certificate too");
}

}  // namespace

base::result<void> complete(const candidates& all, settings& values) {
  TRY(complete_upstreams(all, values));
  TRY(complete_clients(all, values));
  TRY(check_serving_tls(all, values));
  TRY(check_redis_tls(all, values));
  return check_default_upstream(all, values);
}

}  // namespace refrain::config
