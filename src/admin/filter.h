#pragma once

#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "entry/selector.h"

namespace refrain::admin {

/// Narrows the selector as a listing's query or a purge's body asks: by `type`, `upstream` (also `provider`), `model`,
/// `tag`, `tenant`, `namespace`, `level`, `text` or `older_than`. `older_than` is a duration before `now`: `2h`, `30
/// min`, or a number of seconds. Fails with bad_usage on an unknown name, a bad value, and on an empty one: whoever
/// gives it meant something, and taking it for "any" would purge too much.
[[nodiscard]] base::result<void> narrow(entry::selector& into, std::string_view name, std::string_view text,
                                        base::sys_seconds now);

}  // namespace refrain::admin
