#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "config/address_kinds.h"
#include "config/kinds.h"
#include "config/quantity_kinds.h"
#include "config/settings.h"
#include "config/table.h"

namespace refrain::config {

/// The binding of a field that is written, read, compared and taken over like this.
template <class Value>
[[nodiscard]] constexpr binding binding_of(const kinds::kind<Value>& of,
                                           bool (*write)(settings&, std::string_view, std::string_view),
                                           std::string (*read)(const settings&, std::string_view),
                                           bool (*same)(const settings&, const settings&) = nullptr,
                                           void (*keep)(settings&, const settings&) = nullptr) {
  return {.write = write,
          .read = read,
          .same = same,
          .keep = keep,
          .form = of.form,
          .unit = of.unit,
          .shows = of.shows,
          .is_list = of.is_list,
          .is_switch = of.is_switch};
}

/// What is built from the setting at the start stays: a listener, a store, a bound. A change waits for a restart.
[[nodiscard]] consteval binding at_start(binding of) {
  of.applies = application::at_start;
  return of;
}

/// Another value applies at reload; whether there is one at all, at start.
[[nodiscard]] consteval binding at_reload_if_set(binding of) {
  of.applies = application::at_reload_if_set;
  return of;
}

[[nodiscard]] inline bool same_value(const base::secret& a, const base::secret& b) { return a.reveal() == b.reveal(); }
[[nodiscard]] bool same_value(const auto& a, const auto& b) { return a == b; }

/// A field of the settings, by its member pointers from the outside in: `field<kinds::boolean, &settings::cache,
/// &settings::cache_section::enabled>`.
template <const auto& Kind, auto... Path>
inline constexpr binding field = binding_of(
    Kind,
    [](settings& into, std::string_view, std::string_view text) {
      auto value = Kind.parse(text);
      if (value) (into.*....*Path) = *std::move(value);
      return value.has_value();
    },
    [](const settings& from, std::string_view) { return Kind.print((from.*....*Path)); },
    [](const settings& a, const settings& b) { return same_value((a.*....*Path), (b.*....*Path)); },
    [](settings& into, const settings& running) { (into.*....*Path) = (running.*....*Path); });

/// A field of a named upstream or client: `Map` is the member that holds them all by name.
template <const auto& Kind, auto Map, auto Member>
inline constexpr binding named_field = binding_of(
    Kind,
    [](settings& into, std::string_view name, std::string_view text) {
      auto value = Kind.parse(text);
      if (value) (into.*Map)[std::string(name)].*Member = *std::move(value);
      return value.has_value();
    },
    [](const settings& from, std::string_view name) {
      const auto& all = from.*Map;
      const auto found = all.find(std::string(name));
      return found == all.end() ? std::string() : Kind.print(found->second.*Member);
    });

// Settings whose text is more than one field.

inline constexpr std::int64_t day = 86'400;  ///< seconds

/// A time to live.
inline constexpr const auto& ttl = kinds::seconds<1, 3650 * day>;

/// The TTL at a level; `Also` are levels that follow it where they are not given themselves.
template <ttl_table settings::cache_section::* Table, optimization_level Level, optimization_level... Also>
inline constexpr binding ttl_field = binding_of(
    ttl,
    [](settings& into, std::string_view, std::string_view text) {
      const auto value = ttl.parse(text);
      if (!value) return false;
      for (const auto level : {Level, Also...}) (into.cache.*Table)[static_cast<std::size_t>(level)] = *value;
      return true;
    },
    [](const settings& from, std::string_view) { return ttl.print(ttl_at(from.cache.*Table, Level)); });

/// `cache.llm_ttl`: sets every level; the rows after it set single ones again.
inline constexpr binding ttl_everywhere = binding_of(
    ttl,
    [](settings& into, std::string_view, std::string_view text) {
      const auto value = ttl.parse(text);
      if (!value) return false;
      into.cache.llm_ttl_everywhere = *value;
      into.cache.llm_ttl.fill(*value);
      return true;
    },
    [](const settings& from, std::string_view) {
      return from.cache.llm_ttl_everywhere ? ttl.print(*from.cache.llm_ttl_everywhere) : "";
    });

/// `admin.listen`: an address, or `off`.
inline constexpr kinds::kind<base::endpoint> address_or_off{.parse = kinds::address.parse,
                                                            .form = [] { return kinds::address.form() + "; or off"; }};
inline constexpr binding admin_listen = binding_of(
    address_or_off,
    [](settings& into, std::string_view, std::string_view text) {
      const bool off = base::equal_ignoring_case(base::trim(text), "off");
      const auto address = off ? into.admin.listen : kinds::address.parse(text);
      if (!address) return false;
      into.admin.enabled = !off;
      into.admin.listen = *address;
      into.admin.listen_is_default = false;
      return true;
    },
    [](const settings& from, std::string_view) {
      return from.admin.enabled ? from.admin.listen.to_string() : std::string("off");
    },
    [](const settings& a, const settings& b) {
      return a.admin.enabled == b.admin.enabled && a.admin.listen == b.admin.listen;
    },
    [](settings& into, const settings& running) {
      into.admin.enabled = running.admin.enabled;
      into.admin.listen = running.admin.listen;
      into.admin.listen_is_default = running.admin.listen_is_default;
    });

}  // namespace refrain::config
