#include "config/values.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <span>

#include "base/text.h"

namespace refrain::config {
namespace {

/// A unit's name and how many of the smallest unit it holds.
struct unit {
  std::string_view name;
  std::int64_t size;
};

constexpr std::int64_t second = 1000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;
constexpr std::array duration_units{
    unit{"ms", 1},       unit{"milliseconds", 1}, unit{"millisecond", 1},  unit{"s", second},
    unit{"sec", second}, unit{"second", second},  unit{"seconds", second}, unit{"m", minute},
    unit{"min", minute}, unit{"minute", minute},  unit{"minutes", minute}, unit{"h", hour},
    unit{"hour", hour},  unit{"hours", hour},     unit{"d", day},          unit{"day", day},
    unit{"days", day},   unit{"week", 7 * day},   unit{"weeks", 7 * day}};

constexpr std::array size_units{unit{"b", 1},           unit{"kib", 1LL << 10},    unit{"mib", 1LL << 20},
                                unit{"gib", 1LL << 30}, unit{"tib", 1LL << 40},    unit{"kb", 1'000},
                                unit{"mb", 1'000'000},  unit{"gb", 1'000'000'000}, unit{"tb", 1'000'000'000'000}};

/// Reads `NUMBER [UNIT]` and counts it in the smallest unit; nothing where it is no such text, or too large.
std::optional<std::int64_t> measure(std::string_view text, std::span<const unit> units, std::int64_t plain_unit) {
  text = base::trim(text);
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto count = base::to_integer<std::int64_t>(text.substr(0, digits));
  if (!count) return std::nullopt;
  const auto name = base::to_lower(base::trim(text.substr(digits)));
  std::int64_t size = plain_unit;
  if (!name.empty()) {
    const auto known = std::ranges::find(units, name, &unit::name);
    if (known == units.end()) return std::nullopt;
    size = known->size;
  }
  if (*count > std::numeric_limits<std::int64_t>::max() / size) return std::nullopt;
  return *count * size;
}

/// The value in the first of `units` that divides it.
std::string print_in(std::int64_t value, std::span<const unit> units) {
  const auto fits = [value](const unit& one) { return value % one.size == 0 && value >= one.size; };
  const auto best = std::ranges::find_if(units, fits);
  const auto& [name, size] = best == units.end() ? units.back() : *best;
  return fmt::format("{} {}", value / size, name);
}

/// Whether the hosts that a URL begins with behind its scheme have numbers for ports, or none.
bool has_plain_ports(std::string_view place) {
  const auto hosts = base::split(place.substr(0, place.find_first_of("/?#")), ',');
  return std::ranges::all_of(hosts, [](std::string_view host) {
    const auto port = host.substr(std::min(host.rfind(':'), host.size()));
    return port.find_first_not_of(":]0123456789") == std::string_view::npos || host.ends_with(']');
  });
}

}  // namespace

std::optional<bool> parse_boolean(std::string_view text) noexcept {
  static constexpr std::array<std::string_view, 4> yes{"true", "yes", "on", "1"};
  static constexpr std::array<std::string_view, 4> no{"false", "no", "off", "0"};
  if (base::is_among(base::trim(text), yes)) return true;
  if (base::is_among(base::trim(text), no)) return false;
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text, std::chrono::milliseconds plain_unit) {
  const auto count = measure(text, duration_units, plain_unit.count());
  if (!count) return std::nullopt;
  return std::chrono::milliseconds{*count};
}

std::string print_duration(std::chrono::milliseconds value) {
  if (value == std::chrono::milliseconds{day}) return "1 day";
  static constexpr std::array units{unit{"days", day}, unit{"h", hour}, unit{"min", minute}, unit{"s", second},
                                    unit{"ms", 1}};
  return value.count() == 0 ? "0 s" : print_in(value.count(), units);
}

std::optional<base::byte_count> parse_size(std::string_view text) {
  const auto count = measure(text, size_units, 1);
  if (!count) return std::nullopt;
  return base::byte_count{static_cast<std::uint64_t>(*count)};
}

std::string print_size(base::byte_count value) {
  static constexpr std::array units{unit{"TiB", 1LL << 40}, unit{"GiB", 1LL << 30}, unit{"MiB", 1LL << 20},
                                    unit{"KiB", 1LL << 10}, unit{"B", 1}};
  return print_in(static_cast<std::int64_t>(value.value), units);
}

std::vector<std::string> parse_list(std::string_view text) {
  const auto items = base::split(text, ',');
  return {items.begin(), items.end()};
}

std::string print_list(const std::vector<std::string>& items) { return fmt::format("{}", fmt::join(items, ", ")); }

std::string mask_userinfo(std::string_view url) {
  static constexpr std::string_view hidden = "****";
  static constexpr std::string_view secret_name = "password=";
  static constexpr std::string_view scheme_letters = "abcdefghijklmnopqrstuvwxyz0123456789+-.";
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return std::string(url);
  const bool is_url = base::to_lower(url.substr(0, scheme)).find_first_not_of(scheme_letters) == std::string::npos;
  if (!is_url) return std::string(hidden);
  const auto start = scheme + std::string_view("://").size();
  const auto at = url.rfind('@');
  // Without an @, what stands in the place of a port may be a password.
  if (at == std::string_view::npos && !has_plain_ports(url.substr(start))) {
    return fmt::format("{}{}", url.substr(0, start), hidden);
  }
  const auto first_secret = base::to_lower(url).find(secret_name, start);
  if (at != std::string_view::npos && first_secret < at) return fmt::format("{}{}", url.substr(0, start), hidden);

  std::string shown(url.substr(0, start));
  auto rest = url.substr(start);
  if (at != std::string_view::npos && at >= start) {
    shown += hidden;
    rest = url.substr(at);
  }
  for (auto secret = base::to_lower(rest).find(secret_name); secret != std::string::npos;
       secret = base::to_lower(rest).find(secret_name)) {
    shown.append(rest.substr(0, secret + secret_name.size())).append(hidden);
    rest.remove_prefix(std::min(rest.find('&', secret), rest.size()));
  }
  return shown.append(rest);
}

}  // namespace refrain::config
