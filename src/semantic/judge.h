#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "semantic/answer_norms.h"

namespace refrain::semantic {

/// What decided on two answers.
enum class judged : std::uint8_t {
  equal,      ///< the same words
  json,       ///< JSON: the same value, or another
  code,       ///< their blocks of code
  brief,      ///< five words or fewer: the same, or others
  language,   ///< script or language
  refusal,    ///< one refuses to answer
  yes_or_no,  ///< one says yes, the other no
  number,     ///< with its unit
  date,
  name,
  identifier,  ///< a URL, a path, a symbol, what is quoted
  list,        ///< how many items
  opposite,    ///< of a pair of opposites each names another
  denial,      ///< one says not
  place,       ///< one sentence, with other words in one place
  alike,       ///< as alike as answers to one prompt are
  unlike,      ///< no more alike than answers to unrelated prompts
  doubtful,    ///< neither
  too_long,    ///< more than is looked at
};
[[nodiscard]] std::string_view to_string(judged why) noexcept;

struct judgement {
  sameness is = sameness::unknown;
  judged why = judged::doubtful;
};

/// Whether a fresh answer says the same as a stored one: semantic.md, Is it the same answer? What an answer says may
/// not be contradicted by the other, and both must be as alike as answers of the class to one prompt are. `cosine` is
/// that of their vectors. Symmetric. Pure.
[[nodiscard]] judgement judge(std::string_view stored, std::string_view fresh, std::optional<double> cosine,
                              const answer_norms& norms);

/// How alike two answers are, for norms to learn from. Pure.
[[nodiscard]] likeness likeness_of(std::string_view one, std::string_view other, std::optional<double> cosine);

}  // namespace refrain::semantic
