#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "config/settings.h"
#include "config/table.h"

namespace refrain::config {

/// What a binding takes from its kind; `write` and `read` are filled in by the templates below.
template <class Kind>
[[nodiscard]] constexpr binding binding_of(bool (*write)(settings&, std::string_view, std::string_view),
                                           std::string (*read)(const settings&, std::string_view),
                                           bool (*same)(const settings&, const settings&) = nullptr,
                                           void (*keep)(settings&, const settings&) = nullptr) {
  return {.write = write,
          .read = read,
          .same = same,
          .keep = keep,
          .form = &Kind::form,
          .unit = Kind::unit,
          .shows = Kind::shows,
          .is_list = Kind::is_list,
          .is_switch = Kind::is_switch};
}

[[nodiscard]] inline bool same_value(const base::secret& a, const base::secret& b) { return a.reveal() == b.reveal(); }
[[nodiscard]] bool same_value(const auto& a, const auto& b) { return a == b; }

/// A field of the settings, by its member pointers from the outside in: `field<kinds::boolean, &settings::cache,
/// &settings::cache_section::enabled>`.
template <class Kind, auto... Path>
inline constexpr binding field = binding_of<Kind>(
    [](settings& into, std::string_view, std::string_view text) {
      auto value = Kind::parse(text);
      if (value) (into.*....*Path) = *std::move(value);
      return value.has_value();
    },
    [](const settings& from, std::string_view) { return Kind::print((from.*....*Path)); },
    [](const settings& a, const settings& b) { return same_value((a.*....*Path), (b.*....*Path)); },
    [](settings& into, const settings& running) { (into.*....*Path) = (running.*....*Path); });

/// A field of a named upstream or client: `Map` is the member that holds them all by name.
template <class Kind, auto Map, auto Member>
inline constexpr binding named_field = binding_of<Kind>(
    [](settings& into, std::string_view name, std::string_view text) {
      auto value = Kind::parse(text);
      if (value) (into.*Map)[std::string(name)].*Member = *std::move(value);
      return value.has_value();
    },
    [](const settings& from, std::string_view name) {
      const auto& all = from.*Map;
      const auto found = all.find(std::string(name));
      return found == all.end() ? std::string() : Kind::print(found->second.*Member);
    });

/// The TTL at a level; `Also` are levels that follow it where they are not given themselves.
template <class Kind, ttl_table settings::cache_section::* Table, optimization_level Level, optimization_level... Also>
inline constexpr binding ttl_field = binding_of<Kind>(
    [](settings& into, std::string_view, std::string_view text) {
      const auto value = Kind::parse(text);
      if (!value) return false;
      for (const auto level : {Level, Also...}) (into.cache.*Table)[static_cast<std::size_t>(level)] = *value;
      return true;
    },
    [](const settings& from, std::string_view) { return Kind::print(ttl_at(from.cache.*Table, Level)); });

}  // namespace refrain::config
