#pragma once

#include <string>

#include "ledger/totals.h"

namespace refrain::cli {

/// The line that ends `refrain run`: `3 of 4 answered from the cache, $0.0123 saved`. Says it where a sum is not known,
/// and where nothing was asked at all. Pure.
[[nodiscard]] std::string summary_of(const ledger::tally& all);

}  // namespace refrain::cli
