#pragma once

#include <string>
#include <string_view>

#include "base/finding.h"

namespace refrain::redis {

using base::finding;
using base::findings;
using base::condition;

/// A finding from a sentence that says the fault and then its remedy, as those of redis/faults.h do: they part at the
/// first colon and blank. `place` goes before the fault; empty for none.
[[nodiscard]] finding from_sentence(std::string check, condition what, std::string_view place,
                                    std::string_view sentence);

/// Puts `more` after what is there.
void append(findings& to, findings more);

}  // namespace refrain::redis
