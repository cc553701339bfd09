#include "cli/child_environment.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "config/known_providers.h"
#include "config/names.h"

namespace refrain::cli {
namespace {

const std::string* find_given(const variables& in, std::string_view name) {
  const auto found = in.find(std::string(name));
  return found == in.end() || found->second.empty() ? nullptr : &found->second;
}

/// Whether the address is that of the gateway which always runs: what its clients' variables say.
bool leads_to_refrain(std::string_view address) {
  const auto url = base::parse_url(address);
  return url && base::is_loopback_host(url->host) && url->port == config::settings{}.server.listen.port;
}

class addresses {
 public:
  addresses(const config::settings& settings, const base::url& gateway)
      : settings_(settings), origin_(gateway.origin()) {}

  /// The upstream as its SDKs are to call it. The gateway drops a leading /v1 where the base URL ends in it.
  [[nodiscard]] std::string of(std::string_view upstream, std::string_view suffix) const {
    if (upstream == settings_.server.default_upstream && suffix == "/v1") return origin_ + "/v1";
    return fmt::format("{}/{}{}", origin_, upstream, suffix);
  }

  /// In place of a base URL that the user has set: whatever his program adds to it is added below the upstream.
  [[nodiscard]] std::string in_place_of(std::string_view upstream, std::string_view set) const {
    while (set.ends_with('/')) set.remove_suffix(1);
    return of(upstream, set.ends_with("/v1") ? "/v1" : "");
  }

  /// What OpenAI's clients reach where nobody has said where that is: the default upstream, if they can speak to it.
  [[nodiscard]] std::string_view openai() const {
    const auto chosen = settings_.upstreams.find(settings_.server.default_upstream);
    const bool speaks = chosen != settings_.upstreams.end() && chosen->second.dialect == "openai";
    return speaks ? std::string_view(chosen->first) : "openai";
  }

 private:
  const config::settings& settings_;
  std::string origin_;
};

void add_base_urls(variables& into, const config::settings& settings, const addresses& at, const variables& own) {
  for (const auto& provider : config::known_providers()) {
    if (!settings.upstreams.contains(std::string(provider.name))) continue;
    const auto upstream = provider.name == "openai" ? at.openai() : provider.name;
    for (const auto& [name, suffix] : provider.url_variables) {
      const auto* const set = find_given(own, name);
      if (!name.empty() && (set == nullptr || leads_to_refrain(*set))) into.emplace(name, at.of(upstream, suffix));
    }
  }
}

/// Variables that the user has set and that the configuration reads, those of upstreams of his own among them.
void replace_base_urls(variables& into, const config::settings& settings, const addresses& at, const variables& own) {
  for (const auto& [name, upstream] : settings.upstreams) {
    for (const auto* const pattern : {"<NAME>_BASE_URL", "<NAME>_API_BASE"}) {
      const auto variable = config::fill_in(pattern, name);
      if (const auto* const set = find_given(own, variable)) into[variable] = at.in_place_of(name, *set);
    }
  }
}

std::optional<std::string> placeholder(const config::settings& settings) {
  const auto& known = settings.server.placeholder_keys;
  // The most like a key, for SDKs that look.
  for (const auto* const wanted : {"sk-test", "none"}) {
    if (std::ranges::find(known, wanted) != known.end()) return wanted;
  }
  if (known.empty()) return std::nullopt;
  return known.front();
}

void add_placeholders(variables& into, const config::settings& settings, const variables& own) {
  const auto key = placeholder(settings);
  if (!key) return;
  for (const auto& [name, upstream] : settings.upstreams) {
    if (upstream.api_key.empty() || upstream.key_withheld) continue;
    const auto usual = config::fill_in("<NAME>_API_KEY", name);
    const auto known = config::known_providers();
    const auto row = std::ranges::find(known, name, &config::known_provider::name);
    const auto other = row == known.end() ? std::string_view() : row->other_key_variable;
    // Any one is enough for an SDK.
    if (find_given(own, usual) == nullptr && find_given(own, other) == nullptr) into.emplace(usual, *key);
  }
}

void pass_by_proxy(variables& into, const base::url& gateway, const variables& own) {
  const bool tls = gateway.scheme == "https";
  const std::array<std::string_view, 4> proxies{tls ? "https_proxy" : "http_proxy", tls ? "HTTPS_PROXY" : "HTTP_PROXY",
                                                "all_proxy", "ALL_PROXY"};
  if (std::ranges::none_of(proxies, [&](auto name) { return find_given(own, name) != nullptr; })) return;
  const auto* before = find_given(own, "no_proxy");
  if (before == nullptr) before = find_given(own, "NO_PROXY");
  const auto all = before == nullptr ? gateway.host : fmt::format("{},{}", *before, gateway.host);
  into["no_proxy"] = all;
  into["NO_PROXY"] = all;
}

}  // namespace

variables child_variables(const config::settings& settings, const base::url& gateway, const variables& own) {
  variables added;
  const addresses at(settings, gateway);
  add_base_urls(added, settings, at, own);
  replace_base_urls(added, settings, at, own);
  add_placeholders(added, settings, own);
  pass_by_proxy(added, gateway, own);
  return added;
}

}  // namespace refrain::cli
