#include "cache/cache_control.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.h"

namespace refrain::cache {
namespace {

using optional_seconds = std::optional<std::chrono::seconds>;

struct directive {
  std::string_view name;
  std::optional<std::string_view> argument;  ///< without its quotes; escapes stand as they were sent
};

/// Where a quoted string that starts at `from` ends: past its closing quote, or the end of the text.
std::size_t end_of_quoted(std::string_view text, std::size_t from) noexcept {
  for (std::size_t at = from + 1; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return text.size();
}

/// Where the directive that starts the text ends: at a comma that no quoted string holds.
std::size_t end_of_directive(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size() && text[at] != ',') at = text[at] == '"' ? end_of_quoted(text, at) : at + 1;
  return at;
}

directive split(std::string_view text) noexcept {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return {.name = base::trim(text), .argument = std::nullopt};
  auto argument = base::trim(text.substr(equals + 1));
  if (argument.size() >= 2 && argument.front() == '"' && argument.back() == '"') {
    argument = argument.substr(1, argument.size() - 2);
  }
  return {.name = base::trim(text.substr(0, equals)), .argument = argument};
}

void set_once(optional_seconds& field, const directive& from) noexcept {
  if (!field && from.argument) field = delta_seconds(*from.argument);
}

struct row {
  std::string_view name;
  void (*apply)(const directive&, directives&);
};

constexpr std::array rows{
    row{"no-cache", [](const directive&, directives& into) { into.no_cache = true; }},
    row{"no-store", [](const directive&, directives& into) { into.no_store = true; }},
    row{"only-if-cached", [](const directive&, directives& into) { into.only_if_cached = true; }},
    row{"max-age", [](const directive& from, directives& into) { set_once(into.freshness.max_age, from); }},
    row{"min-fresh", [](const directive& from, directives& into) { set_once(into.freshness.min_fresh, from); }},
    row{"max-stale",
        [](const directive& from, directives& into) {
          // Without a value a response of any age will do.
          if (!from.argument && !into.freshness.max_stale) into.freshness.max_stale = std::chrono::seconds::max();
          set_once(into.freshness.max_stale, from);
        }},
    row{"stale-while-revalidate",
        [](const directive& from, directives& into) { set_once(into.freshness.stale_while_revalidate, from); }},
    row{"stale-if-error", [](const directive& from, directives& into) { set_once(into.stale_if_error, from); }},
};

}  // namespace

void read_cache_control(std::string_view value, directives& into) {
  while (!value.empty()) {
    const auto end = end_of_directive(value);
    const auto one = split(value.substr(0, end));
    for (const auto& known : rows) {
      if (base::equal_ignoring_case(one.name, known.name)) known.apply(one, into);
    }
    value.remove_prefix(std::min(end + 1, value.size()));
  }
}

std::optional<std::chrono::seconds> delta_seconds(std::string_view text) noexcept {
  constexpr std::int64_t most = std::int64_t{1} << 31;
  if (text.empty()) return std::nullopt;
  std::int64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = std::min(number * 10 + (c - '0'), most);
  }
  return std::chrono::seconds{number};
}

}  // namespace refrain::cache
