#include "semantic/question.h"

#include <algorithm>
#include <array>
#include <set>

namespace refrain::semantic {
namespace {

/// Fewer words say too little of what a question is about. "Cancel my order" has two; "and the second one?" none.
constexpr std::size_t least_words = 2;
/// About 512 tokens, in bytes.
constexpr std::size_t longest_text = 2'000;

}  // namespace

std::string_view to_string(reason why) noexcept {
  static constexpr std::array<std::string_view, 18> names{
      "served",      "observed", "explored",     "no_question", "too_short", "too_long",
      "unseen",      "language", "no_candidate", "guarded",     "unlike",    "below",
      "no_evidence", "alarm",    "quarantined",  "untrusted",   "busy",      "failed"};
  return names[static_cast<std::size_t>(why)];
}

reason judge_text(const reading& text, bool only_latin) noexcept {
  if (text.unseen_characters) return reason::unseen;
  if (text.normal.size() > longest_text) return reason::too_long;
  if (only_latin &&
      (text.romanised_hindi || std::ranges::any_of(text.scripts, [](script one) { return one != script::latin; }))) {
    return reason::language;
  }
  return text.content.size() < least_words ? reason::too_short : reason::served;
}

}  // namespace refrain::semantic
