#include "redis/announced.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <string_view>

namespace refrain::redis {
namespace {

namespace ip = boost::asio::ip;

enum class reach : std::uint8_t { machine, inside, outside, nowhere };

std::optional<ip::address> as_address(const std::string& host) {
  boost::system::error_code fault;
  const auto address = ip::make_address(host, fault);
  if (fault) return std::nullopt;
  return address;
}

/// RFC 1918, RFC 6598 (shared by carriers and clouds).
bool is_private(const ip::address_v4& address) {
  const auto bits = address.to_uint();
  return bits >> 24 == 10 || bits >> 20 == (172u << 4 | 1) || bits >> 16 == (192u << 8 | 168) ||
         bits >> 22 == (100u << 2 | 1);
}

reach reach_of(const ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return reach_of(ip::make_address_v4(ip::v4_mapped, address.to_v6()));
  }
  if (address.is_unspecified() || address.is_multicast()) return reach::nowhere;
  if (address.is_loopback()) return reach::machine;
  if (address.is_v4()) {
    const auto bits = address.to_v4().to_uint();
    // Link-local (RFC 3927): where clouds keep the credentials of their machines.
    if (bits >> 16 == (169u << 8 | 254)) return reach::nowhere;
    return is_private(address.to_v4()) ? reach::inside : reach::outside;
  }
  const auto first = address.to_v6().to_bytes()[0];
  if (address.to_v6().is_link_local()) return reach::nowhere;
  return (first & 0xfe) == 0xfc ? reach::inside : reach::outside;  // RFC 4193
}

/// `example.com` of `a.b.example.com`; empty for a single word.
std::string_view domain_of(std::string_view name) {
  const auto last = name.rfind('.');
  if (last == std::string_view::npos || last == 0) return {};
  const auto before = name.rfind('.', last - 1);
  return before == std::string_view::npos ? name : name.substr(before + 1);
}

bool leads_to(const base::endpoint& from, const base::endpoint& told) {
  if (from.host == told.host) return true;
  const auto here = as_address(from.host);
  const auto there = as_address(told.host);
  if (!there) return !here && domain_of(from.host) == domain_of(told.host);
  const auto target = reach_of(*there);
  if (target == reach::nowhere) return false;
  const bool from_machine = from.host == "localhost" || (here && here->is_loopback());
  if (target == reach::machine) return from_machine;
  // A name says nothing of where it lies; this machine's own address is often a tunnel to elsewhere.
  if (!here || from_machine) return !from_machine || target == reach::inside;
  return reach_of(*here) == target;
}

}  // namespace

const base::endpoint& mapped(const base::endpoint_map& map, const base::endpoint& told) noexcept {
  const auto found = std::ranges::find(map, told, &base::endpoint_map::value_type::first);
  return found == map.end() ? told : found->second;
}

std::optional<base::endpoint> announcement_rules::way_to(const base::endpoint& told) const {
  if (const auto& there = mapped(map, told); &there != &told) return there;
  const bool allowed = std::ranges::any_of(configured, [&](const auto& one) { return leads_to(one, told); });
  return allowed ? std::optional{told} : std::nullopt;
}

}  // namespace refrain::redis
