#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace refrain::cli {

enum class verdict : std::uint8_t {
  ok,
  warning,  ///< works, yet not as it should
  fault,    ///< does not work
};

[[nodiscard]] std::string_view to_string(verdict value) noexcept;

/// What one check of `refrain doctor` came to.
struct finding {
  std::string check;  ///< what was looked at: `port`, `upstream openai`
  verdict what = verdict::ok;
  std::string text;  ///< one sentence, without its full stop; never a secret
  std::string mend;  ///< what to do about it; empty where all is well
};
using findings = std::vector<finding>;

[[nodiscard]] bool has_fault(const findings& all) noexcept;

/// A line a finding with its mark, and the mend indented below it; how many there are of each at the end.
[[nodiscard]] std::string as_text(const findings& all);

/// `{"ok": true, "checks": [{"check", "verdict", "text", "mend"}, ...]}`.
[[nodiscard]] std::string as_json(const findings& all);

}  // namespace refrain::cli
