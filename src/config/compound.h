#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.h"
#include "config/address_kinds.h"
#include "config/binding.h"
#include "config/quantity_kinds.h"

namespace refrain::config {

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
