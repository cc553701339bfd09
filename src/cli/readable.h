#pragma once

#include <chrono>
#include <concepts>
#include <optional>
#include <string>

#include "app/app.h"
#include "base/clock.h"
#include "entry/money.h"
#include "ledger/totals.h"

namespace refrain::cli {

/// The two largest units: "3 d 4 h", "5 min 2 s", "12 s"; with a minus before a negative one.
[[nodiscard]] std::string readable(std::chrono::seconds span);

/// "$0.0123"; six decimals below a cent, where every bit of it counts.
[[nodiscard]] std::string readable(entry::micro_usd amount);

/// "1 entry", "3 entries".
[[nodiscard]] std::string readable_entries(std::integral auto count) {
  return std::to_string(count) + (count == 1 ? " entry" : " entries");
}

/// "66.7 %"; a dash where there is no share of nothing.
[[nodiscard]] std::string readable_share(std::optional<double> share);

/// Times as the admin API writes them ("2026-11-22T08:49:37Z"), and as HTTP does (RFC 9110, section 5.6.7).
inline constexpr const char* iso_8601 = "%Y-%m-%dT%H:%M:%SZ";
inline constexpr const char* http_date = "%a, %d %b %Y %H:%M:%S GMT";

/// A time in UTC, in a format of strptime(3); nothing where the text is another.
[[nodiscard]] std::optional<base::sys_seconds> time_from(const std::string& text, const char* format = iso_8601);

/// The line that ends `refrain run`: `3 of 4 answered from the cache, $0.0123 saved`. Says it where a sum is not known,
/// what failed, and where nothing was asked at all. Pure.
[[nodiscard]] std::string summary_of(const ledger::tally& all, const app::app::endings& ended);

}  // namespace refrain::cli
