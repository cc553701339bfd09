#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace refrain::semantic {

/// Whether two answers say the same.
enum class sameness : std::uint8_t { same, different, unknown };

/// By what that was told.
enum class judged_by : std::uint8_t {
  words,     ///< the same words, but for case, blanks and the punctuation at the end
  json,      ///< both are JSON: the same values, or not
  length,    ///< both are short, with other words
  script,    ///< written in another script
  refusal,   ///< one refuses, the other does not
  consent,   ///< one says yes, the other no
  numbers,   ///< other numbers, units or dates
  code,      ///< other code, paths or URLs
  names,     ///< other names
  list,      ///< lists of another length
  nearness,  ///< how near their meanings lie, and how many words they share
};

[[nodiscard]] std::string_view to_string(judged_by why) noexcept;

struct judgement {
  sameness is = sameness::unknown;
  judged_by why = judged_by::nearness;
};

/// How near two answers lie where one prompt has made both (the 5th percentile), and where two prompts have that have
/// nothing to do with each other (the 95th). The usual ones are strict: answers of which a person would say that they
/// are the same now and then count as unknown, hardly ever the other way round.
struct answer_norms {
  double same_cosine = 0.75;
  double same_overlap = 0.35;
  double unrelated_cosine = 0.35;
};

/// Holds a stored answer against a fresh one. `cosine` of their vectors; without it, only what words tell is told.
/// Pure.
[[nodiscard]] judgement judge(std::string_view stored, std::string_view fresh, std::optional<double> cosine,
                              const answer_norms& norms = {});

}  // namespace refrain::semantic
