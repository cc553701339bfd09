#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace refrain::base {

enum class condition : std::uint8_t {
  ok,
  warning,  ///< works, yet not as it should
  fault,    ///< does not work
};

/// What one check came to, as `refrain doctor` shows it.
struct finding {
  std::string check;  ///< what was looked at: `port`, `upstream openai`, `redis writes`
  condition what = condition::ok;
  std::string text;    ///< one sentence, without its full stop; never a secret
  std::string remedy;  ///< what to do about it; empty where all is well, or nothing helps
};
using findings = std::vector<finding>;

}  // namespace refrain::base
