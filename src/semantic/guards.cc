#include "semantic/guards.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <string>

namespace refrain::semantic {
namespace {

/// Whether a question's kind leaves no choice: an answer to why is none to when.
bool is_hard(question_word kind) noexcept {
  return kind != question_word::none && kind != question_word::how && kind != question_word::what &&
         kind != question_word::which;
}

bool opposes(const reading& one, const reading& other) {
  return std::ranges::any_of(one.sides, [&](const auto& named) {
    const auto there = other.sides.find(named.first);
    return there != other.sides.end() && there->second != named.second;
  });
}

/// A text without a question word, an instruction or some keywords, may ask anything.
bool asks_otherwise(const reading& one, const reading& other) {
  if (one.asks == other.asks || one.asks == question_word::none || other.asks == question_word::none) return false;
  return is_hard(one.asks) || is_hard(other.asks);
}

struct guard {
  veto speaks;
  std::string_view name;  ///< as metrics and reports have it
  bool (*differ)(const reading& one, const reading& other);
};

/// In the order in which they are asked; the first that speaks is the reason.
constexpr std::array guards{
    guard{veto::script, "script",
          [](const reading& one, const reading& other) {
            return one.scripts != other.scripts || one.romanised_hindi != other.romanised_hindi;
          }},
    guard{veto::number, "number",
          [](const reading& one, const reading& other) { return one.numbers != other.numbers; }},
    guard{veto::unit, "unit",
          [](const reading& one, const reading& other) {
            return !one.units.empty() && !other.units.empty() && one.units != other.units;
          }},
    guard{veto::date, "date", [](const reading& one, const reading& other) { return one.dates != other.dates; }},
    guard{veto::negation, "negation",
          [](const reading& one, const reading& other) { return one.denials != other.denials; }},
    guard{veto::opposite, "opposite", opposes},
    guard{veto::quoted, "quoted", [](const reading& one, const reading& other) { return one.quoted != other.quoted; }},
    guard{veto::code, "code", [](const reading& one, const reading& other) { return one.code != other.code; }},
    guard{veto::question, "question", asks_otherwise},
};

constexpr std::array<std::string_view, 5> bin_names{"clean", "order_changed", "one_extra", "substituted",
                                                    "entity_missing"};

using bag = std::multiset<std::string>;

bag without(const bag& all, const bag& taken) {
  bag left;
  std::ranges::set_difference(all, taken, std::inserter(left, left.end()));
  return left;
}

/// A name that the other text does not have, not even in small letters.
bool lacks_name(const reading& one, const bag& other_words) {
  return std::ranges::any_of(one.names, [&](const auto& name) { return !other_words.contains(name); });
}

bin bin_of(const reading& one, const reading& other) {
  const bag first(one.content.begin(), one.content.end());
  const bag second(other.content.begin(), other.content.end());
  if (lacks_name(one, second) || lacks_name(other, first)) return bin::entity_missing;
  const auto more_here = without(first, second).size();
  const auto more_there = without(second, first).size();
  if (more_here + more_there == 0) return one.content == other.content ? bin::clean : bin::order_changed;
  return more_here + more_there == 1 ? bin::one_extra : bin::substituted;
}

}  // namespace

std::string_view to_string(veto why) noexcept {
  if (why == veto::words) return "words";
  const auto* const row = std::ranges::find(guards, why, &guard::speaks);
  return row == guards.end() ? "none" : row->name;
}

std::string_view to_string(bin where) noexcept { return bin_names[static_cast<std::size_t>(where)]; }

std::optional<bin> bin_from(std::string_view text) noexcept {
  const auto* const found = std::ranges::find(bin_names, text);
  return found == bin_names.end() ? std::nullopt : std::optional{static_cast<bin>(found - bin_names.begin())};
}

comparison compare(const reading& one, const reading& other) {
  for (const auto& guard : guards) {
    if (guard.differ(one, other)) return {.why = guard.speaks};
  }
  return {.where = bin_of(one, other)};
}

std::vector<guard_word> each_guard(const reading& one, const reading& other) {
  std::vector<guard_word> said;
  for (const auto& guard : guards) said.push_back({.name = guard.name, .speaks = guard.differ(one, other)});
  return said;
}

}  // namespace refrain::semantic
