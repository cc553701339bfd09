#pragma once

#include <span>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "entry/selector.h"

namespace refrain::admin {

/// The names by which a listing's query and a purge's body choose entries: `type`, `upstream` (also `provider`),
/// `model`, `tag`, `tenant`, `namespace`, `level`, `text`, `older_than`.
[[nodiscard]] std::span<const std::string_view> filter_names() noexcept;

/// Narrows the selector by one of them. `older_than` is a duration before `now`: `2h`, `30 min`, or a number of
/// seconds. Fails with bad_usage on an unknown name, a bad value, and on an empty one: whoever gives it meant
/// something, and taking it for "any" would purge too much.
[[nodiscard]] base::result<void> narrow(entry::selector& into, std::string_view name, std::string_view text,
                                        base::sys_seconds now);

}  // namespace refrain::admin
