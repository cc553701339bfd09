#include "cache/gate.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "base/text.h"
#include "base/url.h"

namespace refrain::cache {
namespace {

/// The host of an authority (RFC 9110, section 7.2) without the dot that ends an absolute name, and its port; nothing
/// for any other form.
std::optional<base::host_port> parse_authority(std::string_view text) noexcept {
  auto parts = base::split_host_port(text);
  if (!parts || (!parts->port.empty() && !base::to_integer<std::uint16_t>(parts->port))) return std::nullopt;
  if (!parts->bracketed && parts->host.ends_with('.')) parts->host.remove_suffix(1);
  return parts->host.empty() ? std::nullopt : parts;
}

/// A literal cannot be rebound: whoever names it reaches that address and no other.
bool is_ip_literal(const base::host_port& parts) noexcept {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (parts.host.size() >= text.size()) return false;
  std::ranges::copy(parts.host, text.begin());
  in6_addr address{};
  return inet_pton(parts.bracketed ? AF_INET6 : AF_INET, text.data(), &address) == 1;
}

bool is_listed(const base::host_port& parts, std::span<const std::string> hosts) noexcept {
  return std::ranges::any_of(hosts, [&](std::string_view text) {
    const auto listed = parse_authority(text);
    return listed && base::equal_ignoring_case(listed->host, parts.host) &&
           (listed->port.empty() || listed->port == parts.port);
  });
}

bool is_our_host(std::string_view host, std::span<const std::string> hosts) noexcept {
  const auto parts = parse_authority(base::trim(host));
  if (!parts) return false;
  return is_ip_literal(*parts) || (!parts->bracketed && base::equal_ignoring_case(parts->host, "localhost")) ||
         is_listed(*parts, hosts);
}

bool is_allowed_origin(std::string_view origin, std::span<const std::string> origins) noexcept {
  return std::ranges::any_of(origins, [&](std::string_view one) { return base::equal_ignoring_case(one, origin); });
}

/// A plain GET from another site's page, as an image or a link makes it, carries no Origin; browsers mark it so.
bool comes_from_another_site(std::string_view sec_fetch_site) noexcept {
  return base::equal_ignoring_case(sec_fetch_site, "cross-site") ||
         base::equal_ignoring_case(sec_fetch_site, "same-site");
}

}  // namespace

gate_verdict judge_visit(const visit& request, const gate_rules& rules) {
  const bool lends_to_strangers = rules.keys_to_lend && !rules.beyond_loopback;
  if (!lends_to_strangers || request.shows_client_key || request.status_route) return gate_verdict::allow;

  if (!request.host || !is_our_host(*request.host, rules.hosts)) return gate_verdict::misdirected;
  if (request.preflight) return gate_verdict::forbidden_origin;
  if (request.origin) {
    return is_allowed_origin(base::trim(*request.origin), rules.origins) ? gate_verdict::allow
                                                                         : gate_verdict::forbidden_origin;
  }
  if (request.sec_fetch_site && comes_from_another_site(base::trim(*request.sec_fetch_site))) {
    return gate_verdict::forbidden_origin;
  }
  return gate_verdict::allow;
}

base::error to_error(gate_verdict verdict, const visit& request) {
  switch (verdict) {
    case gate_verdict::misdirected:
      return {.code = base::errc::misdirected_host,
              .context = fmt::format("the host '{}' is not served here: use localhost or an IP address, or add the "
                                     "name to server.hosts",
                                     base::shorten(request.host.value_or(""), 80))};
    case gate_verdict::forbidden_origin:
      return {.code = base::errc::forbidden_origin,
              .context = fmt::format("a web page at '{}' may not spend this gateway's key: add the origin to "
                                     "server.origins, or show a client key",
                                     base::shorten(request.origin.value_or("another site"), 80))};
    case gate_verdict::allow: break;
  }
  std::unreachable();
}

}  // namespace refrain::cache
