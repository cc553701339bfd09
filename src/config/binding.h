#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "config/kinds.h"
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

}  // namespace refrain::config
