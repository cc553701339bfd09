#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/table.h"

namespace refrain::config {

/// A section of the settings, as documents head it.
struct section {
  std::string_view name;     ///< `server`
  std::string_view meaning;  ///< one sentence, without its full stop
};

/// All sections in the order of the table.
[[nodiscard]] std::span<const section> sections() noexcept;

/// `server` of `server.listen`, `upstream` of `upstream.<name>.base_url`.
[[nodiscard]] constexpr std::string_view section_of(const setting& row) noexcept {
  return row.key.substr(0, row.key.find('.'));
}

/// The default as the reference and the examples write it: what reading the built-in settings gives; empty for none.
[[nodiscard]] std::string default_of(const setting& row);

}  // namespace refrain::config
