#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace refrain::redis {

/// How much a finding weighs.
enum class weight : std::uint8_t {
  good,
  hint,   ///< works, yet not as it should
  fault,  ///< does not work
};

/// What one look at a server came to.
struct finding {
  std::string what;  ///< what was looked at: `redis`, `redis writes`
  weight how = weight::good;
  std::string text;  ///< one sentence without its full stop; never a secret
  std::string mend;  ///< what to do about it; empty where all is well, or nothing helps
};
using findings = std::vector<finding>;

/// A finding from a sentence that says the fault and then its mend, as those of redis/faults.h do: they part at the
/// first colon and blank. `place` goes before the fault; empty for none.
[[nodiscard]] finding from_sentence(std::string what, weight how, std::string_view place, std::string_view sentence);

/// Puts `more` after what is there.
void append(findings& to, findings more);

}  // namespace refrain::redis
