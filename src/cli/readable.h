#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/clock.h"
#include "entry/money.h"

namespace refrain::cli {

/// The two largest units: "3 d 4 h", "5 min 2 s", "12 s"; with a minus before a negative one.
[[nodiscard]] std::string readable(std::chrono::seconds span);

/// "$0.0123"; six decimals below a cent, where every bit of it counts.
[[nodiscard]] std::string readable(entry::micro_usd amount);

/// "66.7 %"; a dash where there is no share of nothing.
[[nodiscard]] std::string readable_share(std::optional<double> share);

/// Undoes the admin API's times: "2026-11-22T08:49:37Z".
[[nodiscard]] std::optional<base::sys_seconds> time_from(const std::string& iso_8601);

}  // namespace refrain::cli
