#include "cache/directives.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "cache/aliases.h"
#include "cache/cache_control.h"

namespace refrain::cache {
namespace {

constexpr std::string_view own_prefix = "x-refrain-";

/// Most headers have no bearing on a cache, and a letter tells: the first, or the one behind `x-`.
constexpr bool may_ask(std::string_view name) noexcept {
  constexpr std::string_view shortest = "pragma";
  if (name.size() < shortest.size()) return false;
  const char first = base::lower(name[0]);
  if (first == 'x') return std::string_view{"rpb"}.contains(base::lower(name[2]));
  return std::string_view{"cphs"}.contains(first);
}

std::unexpected<base::error> refuse(std::string_view header, std::string_view value, std::string_view allowed) {
  return base::fail(base::errc::bad_directive,
                    fmt::format("{}: '{}' is not understood; give {}", header, base::shorten(value, 40), allowed));
}

base::result<void> read_level(std::string_view header, std::string_view value, directives& into) {
  into.level = config::level_from(base::to_lower(value));
  if (into.level) return {};
  return refuse(header, value, "quality, balanced_quality, balanced, balanced_speed or speed");
}

base::result<void> read_ttl(std::string_view header, std::string_view value, directives& into) {
  into.ttl = delta_seconds(value);
  if (into.ttl) return {};
  return refuse(header, value, "whole seconds such as 3600, or 0 to record nothing");
}

base::result<void> read_namespace(std::string_view header, std::string_view value, directives& into) {
  if (!is_visible_name(value, longest_namespace)) {
    return refuse(header, value, fmt::format("at most {} visible ASCII characters", longest_namespace));
  }
  into.name_space = value;
  return {};
}

base::result<void> read_tags(std::string_view header, std::string_view value, directives& into) {
  for (const auto tag : base::split(value, ',')) {
    if (!is_visible_name(tag, longest_tag) || into.tags.size() == most_tags) {
      return refuse(header, value,
                    fmt::format("at most {} tags between commas, each of at most {} visible ASCII characters",
                                most_tags, longest_tag));
    }
    if (std::ranges::find(into.tags, tag) == into.tags.end()) into.tags.emplace_back(tag);
  }
  return {};
}

base::result<void> read_semantic(std::string_view header, std::string_view value, directives& into) {
  into.semantic = config::semantic_mode_from(base::to_lower(value));
  if (into.semantic) return {};
  return refuse(header, value, "off, observe, threshold or verified");
}

base::result<void> read_threshold(std::string_view header, std::string_view value, directives& into) {
  into.threshold = threshold_from(value);
  if (into.threshold) return {};
  return refuse(header, value, "a number from 0 to 1");
}

base::result<void> read_pace(std::string_view header, std::string_view value, directives& into) {
  into.pace = base::to_integer<unsigned>(value);
  if (into.pace && *into.pace <= fastest_pace) return {};
  return refuse(header, value, fmt::format("events a second, from 0 to {}", fastest_pace));
}

struct own_header {
  std::string_view name;
  base::result<void> (*read)(std::string_view header, std::string_view value, directives& into);
};

constexpr std::array own_headers{
    own_header{"x-refrain-level", read_level},         own_header{"x-refrain-ttl", read_ttl},
    own_header{"x-refrain-namespace", read_namespace}, own_header{"x-refrain-tags", read_tags},
    own_header{"x-refrain-semantic", read_semantic},   own_header{"x-refrain-threshold", read_threshold},
    own_header{"x-refrain-pace", read_pace},
};

base::result<void> read_own(const http::field& field, directives& into) {
  const auto value = base::trim(field.value);
  if (value.empty()) return {};
  for (const auto& known : own_headers) {
    if (base::equal_ignoring_case(field.name, known.name)) return known.read(known.name, value, into);
  }
  return {};
}

/// The standard fields of a request that bear on caching, as they were met.
struct standard_fields {
  std::string_view cache_control;  ///< the first of its lines
  unsigned cache_control_lines = 0;
  bool pragma_no_cache = false;
  bool sec_fetch_mode = false;
};

/// `fetch(url, {cache: "no-store"})`, as an SDK calls it without its user's knowing, adds exactly these three. A
/// person's own `no-cache` comes without Pragma; a Cache-Control of his own keeps its value beside fetch's Pragma.
bool is_fetch_artefact(const standard_fields& met) noexcept {
  return met.pragma_no_cache && met.sec_fetch_mode && met.cache_control_lines == 1 &&
         base::equal_ignoring_case(base::trim(met.cache_control), "no-cache");
}

void read_standard(http::fields_view headers, const standard_fields& met, bool honour_fetch, directives& into) {
  if (is_fetch_artefact(met)) {
    into.fetch_artefact = true;
    into.no_store = honour_fetch;
    return;
  }
  // Pragma counts only where Cache-Control says nothing (RFC 9111, section 5.4).
  if (met.cache_control_lines == 0) into.no_cache = met.pragma_no_cache;
  if (met.cache_control_lines == 1) return read_cache_control(met.cache_control, into);
  for (const auto& [name, value] : headers) {
    if (base::equal_ignoring_case(name, "cache-control")) read_cache_control(value, into);
  }
}

void read_body(const entry::body_directives& body, directives& into) {
  into.no_cache |= body.no_cache;
  into.no_store |= body.no_store;
  if (!into.ttl) into.ttl = body.ttl;
  if (!into.freshness.max_age) into.freshness.max_age = body.max_age;
  adopt_namespace(body.name_space, into);
}

}  // namespace

std::optional<double> threshold_from(std::string_view text) noexcept {
  double number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = fault == std::errc{} && end == text.data() + text.size();
  return whole && number >= 0 && number <= 1 ? std::optional{number} : std::nullopt;
}

base::result<directives> read_directives(http::fields_view headers, const entry::body_directives& body,
                                         bool honour_fetch) {
  directives into;
  standard_fields met;
  bool aliases = false;
  for (const auto& field : headers) {
    if (!may_ask(field.name)) continue;
    if (is_own_header(field.name)) {
      TRY(read_own(field, into));
    } else if (base::equal_ignoring_case(field.name, "cache-control")) {
      if (met.cache_control_lines++ == 0) met.cache_control = field.value;
    } else if (base::equal_ignoring_case(field.name, "pragma")) {
      met.pragma_no_cache |= base::equal_ignoring_case(base::trim(field.value), "no-cache");
    } else if (base::equal_ignoring_case(field.name, "sec-fetch-mode")) {
      met.sec_fetch_mode = true;
    } else {
      aliases = aliases || is_alias_header(field.name);
    }
  }
  read_standard(headers, met, honour_fetch, into);
  if (body.present) read_body(body, into);
  if (aliases) read_aliases(headers, into);
  return into;
}

bool is_visible_name(std::string_view name, std::size_t limit) noexcept {
  return !name.empty() && name.size() <= limit && std::ranges::all_of(name, [](char c) { return c > ' ' && c <= '~'; });
}

bool is_own_header(std::string_view name) noexcept { return base::starts_with_ignoring_case(name, own_prefix); }

bool is_gateway_header(std::string_view name) noexcept {
  return is_own_header(name) || base::equal_ignoring_case(name, "cache-control") ||
         base::equal_ignoring_case(name, "pragma") || is_alias_header(name);
}

}  // namespace refrain::cache
