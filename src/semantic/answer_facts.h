#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "semantic/reading.h"

namespace refrain::semantic {

/// What in an answer is right or wrong by itself, however it is worded.
struct answer_facts {
  std::string normal;                ///< its prose in normal form, lines joined
  std::vector<std::string> content;  ///< stems of the words that say what it is about, in order
  std::set<std::string> numbers;     ///< with their units
  std::set<std::string> dates;
  std::set<std::string> names;        ///< words with a capital within a sentence
  std::set<std::string> identifiers;  ///< URLs, paths, symbols, what is quoted
  std::map<int, bool> sides;          ///< of pairs of opposites
  std::set<script> scripts;           ///< Latin words within another script do not count
  bool romanised_hindi = false;
  bool denies = false;         ///< says not, never, except...
  bool refuses = false;        ///< says that it cannot or will not answer
  std::optional<bool> agrees;  ///< begins with yes or no
  std::size_t items = 0;       ///< of its lists
  std::string code;            ///< its fenced blocks
};

/// Reads an answer in prose, with lists and blocks of code as Markdown has them. Pure.
[[nodiscard]] answer_facts facts_of(std::string_view answer);

}  // namespace refrain::semantic
