#pragma once

#include <string>

#include "base/finding.h"

namespace refrain::cli {

using base::condition;
using base::finding;
using base::findings;

[[nodiscard]] bool has_fault(const findings& all) noexcept;

/// A line a finding with its mark, and the remedy indented below it; how many there are of each at the end.
[[nodiscard]] std::string as_text(const findings& all);

/// `{"ok": true, "checks": [{"check", "verdict", "text", "mend"}, ...]}`.
[[nodiscard]] std::string as_json(const findings& all);

}  // namespace refrain::cli
