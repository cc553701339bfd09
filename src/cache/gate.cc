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

/// The origin's authority is the one that is asked: the page came from here, or from the proxy in front.
bool is_same_origin(const visit& request) noexcept {
  const auto origin = base::trim(*request.origin);
  const auto scheme = origin.find("://");
  return request.host && scheme != std::string_view::npos &&
         base::equal_ignoring_case(origin.substr(scheme + 3), base::trim(*request.host));
}

/// Whether a browser asks for a page of another site. A plain GET, as an image or a link makes it, carries no Origin;
/// browsers mark it in another way.
bool comes_from_a_page(const visit& request) noexcept {
  if (request.origin) return !is_same_origin(request);
  const auto site = base::trim(request.sec_fetch_site.value_or(""));
  return request.preflight || base::equal_ignoring_case(site, "cross-site") ||
         base::equal_ignoring_case(site, "same-site");
}

}  // namespace

bool is_listed_origin(std::string_view origin, std::span<const std::string> origins) noexcept {
  return base::is_among(base::trim(origin), origins);
}

gate_verdict judge_visit(const visit& request, const gate_rules& rules) {
  if (request.shows_client_key || request.status_route) return gate_verdict::allow;
  if (!rules.beyond_loopback && (!request.host || !is_our_host(*request.host, rules.hosts)))
    return gate_verdict::misdirected;
  const bool listed = request.origin && is_listed_origin(*request.origin, rules.origins);
  return comes_from_a_page(request) && !listed ? gate_verdict::forbidden_origin : gate_verdict::allow;
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
              .context = fmt::format("a web page at '{}' may not use this gateway: add the origin to "
                                     "server.origins, or show a client key",
                                     base::shorten(request.origin.value_or("another site"), 80))};
    case gate_verdict::allow: break;
  }
  std::unreachable();
}

}  // namespace refrain::cache
