#pragma once

#include <string_view>
#include <vector>

#include "config/candidates.h"
#include "config/load.h"

namespace refrain::config {

/// Every setting as it stands, named ones once for each upstream and client that there is.
[[nodiscard]] std::vector<shown_setting> show(const settings& values, const candidates& all);

/// The default as the reference and the examples write it: what reading the built-in settings gives; empty for none.
[[nodiscard]] std::string default_of(const setting& row);

}  // namespace refrain::config
