#include "gateway/shared/site.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "cache/key.h"
#include "cache/tenant.h"

namespace refrain::gateway {
namespace {

using base::errc;
using base::fail;

std::string known_families() {
  std::string names;
  for (const auto& one : provider::families()) names.append(names.empty() ? "" : ", ").append(one.name);
  return names;
}

base::result<upstream> make_upstream(const std::string& name, const config::upstream& from,
                                     const config::settings& all) {
  upstream made{.name = name,
                .identity = cache::upstream_identity(name, from.base_url),
                .family = provider::find_family(from.dialect),
                .ask_usage = from.ask_usage,
                .ignore_members = all.cache.ignore_members,
                .semantic = from.semantic ? from.semantic : all.semantic.mode,
                .semantic_threshold = from.semantic_threshold.value_or(all.semantic.threshold),
                .stale_while_revalidate = from.stale_while_revalidate,
                .stale_if_error = from.stale_if_error};
  made.ignore_members.insert(made.ignore_members.end(), from.ignore_members.begin(), from.ignore_members.end());
  if (made.family == nullptr) {
    return fail(errc::bad_config,
                fmt::format("upstream.{}.dialect = '{}': known are {}", name, from.dialect, known_families()));
  }
  auto base = base::parse_url(from.base_url);
  if (!base) return fail(errc::bad_config, fmt::format("upstream.{}.base_url: {}", name, base.error().context));
  if (base->scheme != "http" && base->scheme != "https") {
    return fail(errc::bad_config, fmt::format("upstream.{}.base_url should begin with https:// or http://", name));
  }
  if (base->port == 0) return fail(errc::bad_config, fmt::format("upstream.{}.base_url has no port to call", name));
  made.base = std::move(*base);
  made.authority = made.base.authority();
  made.route = {.host = made.base.host, .port = made.base.port, .tls = made.base.scheme == "https", .proxy = {}};
  if (made.route.tls && !all.https_proxy.empty() && !bypasses_proxy(made.base.host, all.no_proxy)) {
    auto proxy = base::parse_url(all.https_proxy);
    if (!proxy) return fail(errc::bad_config, fmt::format("HTTPS_PROXY: {}", proxy.error().context));
    if (proxy->scheme != "http") {
      return fail(errc::bad_config, "HTTPS_PROXY: only proxies that are spoken to in http:// are known here");
    }
    made.route.proxy = std::move(*proxy);
  }
  if (!from.key_withheld) made.key = from.api_key;
  return made;
}

}  // namespace

base::result<std::shared_ptr<const site>> make_site(config::settings settings) {
  auto made = std::make_shared<site>();
  std::vector<std::string> with_keys;
  for (const auto& [name, from] : settings.upstreams) {
    auto one = make_upstream(name, from, settings);
    if (!one) return fail(one.error());
    if (!one->key.empty()) with_keys.push_back(name);
    made->upstreams.emplace(name, std::move(*one));
  }
  if (!made->upstreams.contains(settings.server.default_upstream)) {
    return fail(errc::bad_config, fmt::format("server.default_upstream = '{}': no such upstream is configured",
                                              settings.server.default_upstream));
  }
  const auto& listen = settings.server.listen;
  if (auto fault = cache::lending_fault(listen, with_keys, !settings.clients.empty())) {
    return fail(errc::bad_config, std::move(*fault));
  }
  made->beyond_loopback = !listen.is_loopback();
  made->settings = std::move(settings);
  return made;
}

bool bypasses_proxy(std::string_view host, std::span<const std::string> no_proxy) noexcept {
  return std::ranges::any_of(no_proxy, [host](std::string_view rule) {
    if (rule == "*") return true;
    if (rule.starts_with('.')) rule.remove_prefix(1);
    if (rule.empty()) return false;
    if (base::equal_ignoring_case(host, rule)) return true;
    return host.size() > rule.size() && host[host.size() - rule.size() - 1] == '.' &&
           base::equal_ignoring_case(host.substr(host.size() - rule.size()), rule);
  });
}

}  // namespace refrain::gateway
