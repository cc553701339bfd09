#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "semantic/reading.h"

namespace refrain::semantic {

/// Why a stored question is no candidate for another's answer.
enum class veto : std::uint8_t {
  none,
  script,  ///< another script or language
  number,  ///< a number, or its unit
  unit,    ///< a unit without a number
  date,
  negation,  ///< not, only, except, already...
  opposite,
  quoted,
  code,      ///< code, a path, a URL
  question,  ///< why against when, how much against how
  words,     ///< too few words in common, however near the vectors lie
};

/// What kind of difference is left where no guard speaks. Each has evidence of its own.
enum class bin : std::uint8_t {
  clean,           ///< the same words that count
  order_changed,   ///< the same, in another order
  one_extra,       ///< one has one more
  substituted,     ///< some are others
  entity_missing,  ///< a name stands in one alone
};

[[nodiscard]] std::string_view to_string(veto why) noexcept;
[[nodiscard]] std::string_view to_string(bin where) noexcept;
[[nodiscard]] std::optional<bin> bin_from(std::string_view text) noexcept;

/// What the guards say of a pair of questions.
struct comparison {
  veto why = veto::none;
  bin where = bin::clean;  ///< where no guard speaks

  [[nodiscard]] bool may_answer() const noexcept { return why == veto::none; }
};

/// Holds a question against a stored one. Symmetric. Pure.
[[nodiscard]] comparison compare(const reading& one, const reading& other);

/// What each guard says, for a person: its name, and whether it speaks.
struct guard_word {
  std::string_view name;
  bool speaks = false;
};
[[nodiscard]] std::vector<guard_word> each_guard(const reading& one, const reading& other);

}  // namespace refrain::semantic
