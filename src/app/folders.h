#pragma once

#include <filesystem>

#include "config/load.h"

namespace refrain::app {

/// Where a gateway keeps what is its own (XDG Base Directory Specification). Empty where the environment says neither
/// that nor a home.
struct folders {
  std::filesystem::path data;   ///< the embedded store: `$XDG_DATA_HOME/refrain`
  std::filesystem::path state;  ///< token, run files: `$XDG_STATE_HOME/refrain`

  [[nodiscard]] std::filesystem::path default_store() const { return data / "cache.db"; }
};
[[nodiscard]] folders folders_of(const config::environment& from);

}  // namespace refrain::app
