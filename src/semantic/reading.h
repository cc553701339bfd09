#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "semantic/word_lists.h"

namespace refrain::semantic {

/// Which version of the rules below made a reading; entries of another are no candidates.
inline constexpr int reading_version = 1;

/// A text in one form for all ways to write it: NFC, case folded, blanks as one, Devanagari digits as ours, without the
/// punctuation at its end. Pure.
[[nodiscard]] std::string normal_form(std::string_view text);

enum class script : std::uint8_t { latin, devanagari, other };

/// How a question begins, where that decides what answer is right.
enum class question_word : std::uint8_t {
  none,  ///< an instruction, some keywords, yes or no
  how,
  what,
  which,
  who,
  when,
  where,
  why,
  how_much,
  how_many,
  how_long,
  how_often,
  how_far,
};

/// What of a text decides its answer, for the guards to compare. Multisets, as the order of words means little.
struct reading {
  std::string normal;
  std::vector<std::string> content;    ///< stems of the words that say what it is about, in order
  std::multiset<std::string> numbers;  ///< with their units: `5 kilometre`
  std::set<std::string> units;         ///< that stand without a number: in kilometres, to grams
  std::multiset<std::string> dates;
  std::map<std::string, int> denials;  ///< not, only, except...: how often
  std::map<int, bool> sides;           ///< of pairs of opposites of which it names one side
  std::multiset<std::string> quoted;
  std::multiset<std::string> code;  ///< with its URLs, paths, symbols
  std::set<std::string> names;      ///< words with a capital within the text
  std::set<script> scripts;
  bool romanised_hindi = false;
  question_word asks = question_word::none;
  bool unseen_characters = false;  ///< control or zero-width ones
};

/// Reads a text. Pure; bytes that are no UTF-8 are left out.
[[nodiscard]] reading read(std::string_view text);

}  // namespace refrain::semantic
