#include "cache/aliases.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/digest.h"
#include "base/text.h"
#include "cache/cache_control.h"

namespace refrain::cache {
namespace {

bool is(std::string_view value, std::string_view word) noexcept { return base::equal_ignoring_case(value, word); }

void set_ttl(std::optional<std::chrono::seconds> ttl, directives& into) noexcept {
  if (!into.ttl) into.ttl = ttl;
}

/// A Go duration of whole hours, minutes and seconds, such as `1h30m`, or bare seconds.
std::optional<std::chrono::seconds> go_duration(std::string_view text) noexcept {
  if (const auto bare = delta_seconds(text)) return bare;
  std::chrono::seconds sum{0};
  while (!text.empty()) {
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = delta_seconds(text.substr(0, digits));
    if (!number || digits == text.size()) return std::nullopt;
    switch (text[digits]) {
      case 'h': sum += *number * 3600; break;
      case 'm': sum += *number * 60; break;
      case 's': sum += *number; break;
      default: return std::nullopt;
    }
    text.remove_prefix(digits + 1);
  }
  return sum > std::chrono::seconds{0} ? std::optional{sum} : std::nullopt;
}

void set_threshold(std::string_view value, directives& into) noexcept {
  if (!into.threshold) into.threshold = threshold_from(value);
}

void exact_only(directives& into) noexcept {
  if (!into.semantic) into.semantic = config::semantic_mode::off;
}

struct alias {
  std::string_view name;
  void (*apply)(std::string_view value, directives& into);
};

/// Portkey: portkey.ai/docs/product/ai-gateway/cache-simple-and-semantic, and the headers of its open-source gateway.
/// Cloudflare: developers.cloudflare.com/ai-gateway/configuration/caching. Its own key makes different requests share;
/// here it only keeps equal ones apart, as no wrong answer can come of that.
/// Helicone: docs.helicone.ai/features/advanced-usage/caching; its TTL is the max-age of Cache-Control.
/// Bifrost: docs.getbifrost.ai/features/semantic-caching. Its no-store still reads; here it neither reads nor records.
constexpr std::array table{
    alias{"x-portkey-cache",
          [](std::string_view value, directives& into) { is(value, "simple") ? exact_only(into) : void(); }},
    alias{"x-portkey-cache-force-refresh",
          [](std::string_view value, directives& into) { into.no_cache |= is(value, "true"); }},
    alias{"x-portkey-cache-namespace", adopt_namespace},
    alias{"cf-aig-cache-ttl", [](std::string_view value, directives& into) { set_ttl(delta_seconds(value), into); }},
    alias{"cf-aig-skip-cache", [](std::string_view value, directives& into) { into.no_store |= is(value, "true"); }},
    alias{"cf-aig-cache-key", adopt_namespace},
    alias{"helicone-cache-enabled",
          [](std::string_view value, directives& into) { into.no_store |= is(value, "false"); }},
    alias{"helicone-cache-seed", adopt_namespace},
    alias{"x-bf-cache-key", adopt_namespace},
    alias{"x-bf-cache-ttl", [](std::string_view value, directives& into) { set_ttl(go_duration(value), into); }},
    alias{"x-bf-cache-no-store", [](std::string_view value, directives& into) { into.no_store |= is(value, "true"); }},
    alias{"x-bf-cache-type",
          [](std::string_view value, directives& into) { is(value, "direct") ? exact_only(into) : void(); }},
    alias{"x-bf-cache-threshold", set_threshold},
};

constexpr std::array<std::string_view, 4> prefixes{"x-portkey-cache-", "cf-aig-cache-", "helicone-cache-",
                                                   "x-bf-cache-"};

}  // namespace

void adopt_namespace(std::string_view name, directives& into) {
  if (name.empty() || !into.name_space.empty()) return;
  into.name_space = is_visible_name(name, longest_namespace) ? std::string(name) : base::sha256(name).hex();
}

void read_aliases(http::fields_view headers, directives& into) {
  for (const auto& one : table) {
    if (const auto value = http::find_field(headers, one.name)) one.apply(base::trim(*value), into);
  }
}

std::vector<std::string> ignored_members(http::fields_view headers) {
  constexpr std::size_t most_names = 32;
  constexpr std::size_t longest_name = 128;
  std::vector<std::string> names;
  for (const auto& [header, value] : headers) {
    if (!base::equal_ignoring_case(header, "helicone-cache-ignore-keys")) continue;
    for (const auto name : base::split(value, ',')) {
      if (name.empty()) continue;
      if (names.size() == most_names || name.size() > longest_name) return {};
      names.emplace_back(name);
    }
  }
  std::ranges::sort(names);
  const auto twins = std::ranges::unique(names);
  names.erase(twins.begin(), twins.end());
  return names;
}

bool is_alias_header(std::string_view name) noexcept {
  const auto begins = [&](std::string_view prefix) { return base::starts_with_ignoring_case(name, prefix); };
  const auto equals = [&](const alias& one) { return base::equal_ignoring_case(name, one.name); };
  return std::ranges::any_of(prefixes, begins) || std::ranges::any_of(table, equals);
}

}  // namespace refrain::cache
