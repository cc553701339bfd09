#include <arpa/inet.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "redis/address_parts.h"

namespace refrain::redis {
namespace {

bool is_host_name(std::string_view text) {
  static constexpr std::size_t longest = 253;  // RFC 1035, section 2.3.4, less the length bytes
  return text.size() <= longest &&
         base::to_lower(text).find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == text.npos;
}

base::result<std::string> read_name(std::string_view text) {
  if (text.empty()) return refuse_address("the host is missing: write redis://HOST:PORT, a password as :password@HOST");
  if (!is_host_name(text)) {
    return refuse_address("the host is no name or address: if a password stands there, its @ is missing");
  }
  return base::to_lower(text);
}

/// `fe80::1%25eth0` (RFC 6874), or as people write it, `fe80::1%eth0`.
base::result<std::string> read_ipv6(std::string_view text) {
  static constexpr std::string_view escaped = "25";
  const auto percent = std::min(text.find('%'), text.size());
  auto host = base::to_lower(text.substr(0, percent));
  in6_addr ignored{};
  bool is_right = inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
  if (percent < text.size()) {
    auto zone = text.substr(percent + 1);
    if (zone.starts_with(escaped) && zone.size() > escaped.size()) zone.remove_prefix(escaped.size());
    is_right = is_right && !zone.empty() && is_host_name(zone);
    host.append("%").append(zone);
  }
  if (!is_right) return refuse_address("what stands in [] is no IPv6 address");
  return host;
}

base::result<base::endpoint> read_host(std::string_view text, std::uint16_t port) {
  const auto parts = base::split_host_port(text);
  if (!parts && text.starts_with('[')) return refuse_address("an IPv6 address is written [::1]:6379");
  if (!parts) {
    return refuse_address("the host holds several colons: an IPv6 address stands in [], and a password ends with an @");
  }
  auto host = parts->bracketed ? read_ipv6(parts->host) : read_name(parts->host);
  if (!host) return base::fail(std::move(host).error());
  if (parts->port.empty()) return base::endpoint{.host = *std::move(host), .port = port};
  const auto given = base::to_integer<std::uint16_t>(parts->port);
  if (!given || *given == 0) {
    return refuse_address("the port is no number from 1 to 65535: if it is a password, write user:password@HOST");
  }
  return base::endpoint{.host = *std::move(host), .port = *given};
}

}  // namespace

base::result<std::vector<base::endpoint>> read_hosts(std::string_view text, std::uint16_t port) {
  std::vector<base::endpoint> hosts;
  while (true) {
    const auto comma = text.find(',');
    auto host = read_host(text.substr(0, comma), port);
    if (!host) return base::fail(std::move(host).error());
    hosts.push_back(*std::move(host));
    if (comma == text.npos) return hosts;
    text.remove_prefix(comma + 1);
  }
}

std::string print_hosts(const std::vector<base::endpoint>& hosts, std::string_view separator) {
  std::string all;
  for (const auto& each : hosts) {
    if (!all.empty()) all += separator;
    auto one = each.to_string();
    if (const auto zone = one.find('%'); zone != one.npos) one.insert(zone + 1, "25");
    all += one;
  }
  return all;
}

}  // namespace refrain::redis
