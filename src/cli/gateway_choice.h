#pragma once

#include <optional>
#include <vector>

#include "app/run_file.h"
#include "base/result.h"

namespace refrain::cli {

/// The gateway that a command means where nobody says: the only one with an admin plane, or the one on the default
/// port. Nothing where there is none; fails with bad_usage, listing them, where there are several. Pure.
[[nodiscard]] base::result<std::optional<app::running>> choose_gateway(const std::vector<app::running>& all);

}  // namespace refrain::cli
