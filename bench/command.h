#pragma once

#include <functional>

#include "base/result.h"

namespace CLI {
class App;
}

namespace refrain::bench {

/// Adds the options of `refrain bench` to its App. What is returned puts a gateway on this machine under load and
/// prints what came of it; its exit code is 0 where every answer was good, else 1. Fails with bad_usage.
[[nodiscard]] std::function<base::result<int>()> attach(CLI::App& app);

}  // namespace refrain::bench
