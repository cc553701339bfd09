#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
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

  [[nodiscard]] static finding ok(std::string check, std::string text) {
    return {.check = std::move(check), .text = std::move(text), .remedy = {}};
  }
  [[nodiscard]] static finding warning(std::string check, std::string text, std::string remedy) {
    return {std::move(check), condition::warning, std::move(text), std::move(remedy)};
  }
  [[nodiscard]] static finding fault(std::string check, std::string text, std::string remedy) {
    return {std::move(check), condition::fault, std::move(text), std::move(remedy)};
  }
};
using findings = std::vector<finding>;

/// Puts `more` after what is there.
inline void append(findings& to, findings more) { std::ranges::move(more, std::back_inserter(to)); }

}  // namespace refrain::base
