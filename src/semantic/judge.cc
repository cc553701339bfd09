#include "semantic/judge.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "semantic/reading.h"

namespace refrain::semantic {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t most_words_of_short = 5;

// ---- JSON

bool equal(dom::element one, dom::element other);

bool equal(dom::object one, dom::object other) {
  if (one.size() != other.size()) return false;
  return std::ranges::all_of(one, [&](const auto& member) {
    dom::element there;
    return other.at_key(member.key).get(there) == simdjson::SUCCESS && equal(member.value, there);
  });
}

bool equal(dom::array one, dom::array other) {
  auto at = other.begin();
  return one.size() == other.size() && std::ranges::all_of(one, [&](dom::element each) {
           const bool same = equal(each, *at);
           ++at;
           return same;
         });
}

/// Whatever the order of members and the spelling of numbers.
bool equal(dom::element one, dom::element other) {
  double first = 0;
  double second = 0;
  if (one.get(first) == simdjson::SUCCESS && other.get(second) == simdjson::SUCCESS) return first == second;
  if (one.type() != other.type()) return false;
  if (one.is_object()) return equal(dom::object(one), dom::object(other));
  if (one.is_array()) return equal(dom::array(one), dom::array(other));
  return simdjson::minify(one) == simdjson::minify(other);
}

/// Whether both are JSON objects or arrays with the same values; nothing where one is none.
std::optional<bool> equal_as_json(std::string_view one, std::string_view other) {
  dom::parser first;
  dom::parser second;
  dom::element here;
  dom::element there;
  const bool both = first.parse(one.data(), one.size()).get(here) == simdjson::SUCCESS &&
                    second.parse(other.data(), other.size()).get(there) == simdjson::SUCCESS;
  if (!both || !(here.is_object() || here.is_array())) return std::nullopt;
  return equal(here, there);
}

// ---- Words

std::multiset<std::string> words_of(const std::string& normal) {
  std::multiset<std::string> words;
  for (std::size_t begin = 0; begin < normal.size();) {
    const auto end = std::min(normal.find(' ', begin), normal.size());
    const auto word = std::string_view{normal}.substr(begin, end - begin);
    const auto first = word.find_first_not_of(".,;:!?()\"'*#-");
    if (first != std::string_view::npos) {
      words.emplace(word.substr(first, word.find_last_not_of(".,;:!?()\"'*#-") - first + 1));
    }
    begin = end + 1;
  }
  return words;
}

/// The harmonic mean of the shares of words that each has in common with the other (token F1).
double overlap(const std::multiset<std::string>& one, const std::multiset<std::string>& other) {
  std::vector<std::string> common;
  std::ranges::set_intersection(one, other, std::back_inserter(common));
  const auto all = one.size() + other.size();
  return all == 0 ? 1 : 2.0 * static_cast<double>(common.size()) / static_cast<double>(all);
}

// ---- Facts

bool begins_with_any(std::string_view text, std::span<const std::string_view> openings) {
  return std::ranges::any_of(openings, [text](std::string_view opening) {
    const bool is_word = text.size() <= opening.size() || text.substr(opening.size()).find_first_of(" ,.!;:") == 0;
    return text.starts_with(opening) && is_word;
  });
}

enum class consent : std::uint8_t { none, yes, no };

consent consent_of(std::string_view normal) {
  static constexpr std::array<std::string_view, 9> yes{"yes",       "yeah",    "yep", "sure", "certainly",
                                                       "of course", "correct", "हाँ",  "haan"};
  static constexpr std::array<std::string_view, 6> no{"no", "nope", "incorrect", "नहीं", "nahi", "nahin"};
  return begins_with_any(normal, yes) ? consent::yes : begins_with_any(normal, no) ? consent::no : consent::none;
}

bool refuses(std::string_view normal) {
  static constexpr std::array<std::string_view, 12> openings{
      "i'm sorry",  "i am sorry",  "sorry",           "i can't",  "i cannot",         "i can not",
      "i'm unable", "i am unable", "i'm not able to", "as an ai", "unfortunately, i", "माफ़ कीजिए"};
  return begins_with_any(normal, openings);
}

/// Lines that begin with a bullet or a number.
std::size_t list_length(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    auto line = text.substr(begin, end - begin);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    const auto digits = std::min(line.find_first_not_of("0123456789"), line.size());
    const auto mark = line.substr(digits);
    const bool is_numbered = digits > 0 && (mark.starts_with(". ") || mark.starts_with(") "));
    if (is_numbered || line.starts_with("- ") || line.starts_with("* ") || line.starts_with("• ")) ++count;
    begin = end + 1;
  }
  return count;
}

/// Facts of which other ones make another answer.
std::optional<judged_by> conflict(const reading& one, const reading& other) {
  if (one.scripts != other.scripts) return judged_by::script;
  if (refuses(one.normal) != refuses(other.normal)) return judged_by::refusal;
  const auto here = consent_of(one.normal);
  const auto there = consent_of(other.normal);
  if (here != there && here != consent::none && there != consent::none) return judged_by::consent;
  if (one.numbers != other.numbers || one.dates != other.dates) return judged_by::numbers;
  if (one.code != other.code) return judged_by::code;
  return std::nullopt;
}

}  // namespace

std::string_view to_string(judged_by why) noexcept {
  static constexpr std::array<std::string_view, 11> names{"words",   "json", "length", "script", "refusal", "consent",
                                                          "numbers", "code", "names",  "list",   "nearness"};
  return names[static_cast<std::size_t>(why)];
}

judgement judge(std::string_view stored, std::string_view fresh, std::optional<double> cosine,
                const answer_norms& norms) {
  const auto one = read(stored);
  const auto other = read(fresh);
  if (one.normal == other.normal) return {.is = sameness::same, .why = judged_by::words};
  if (const auto same = equal_as_json(stored, fresh)) {
    return {.is = *same ? sameness::same : sameness::different, .why = judged_by::json};
  }
  const auto first = words_of(one.normal);
  const auto second = words_of(other.normal);
  if (first == second && first.size() <= most_words_of_short) return {.is = sameness::same, .why = judged_by::words};
  if (std::max(first.size(), second.size()) <= most_words_of_short) {
    return {.is = sameness::different, .why = judged_by::length};
  }
  if (const auto why = conflict(one, other)) return {.is = sameness::different, .why = *why};
  if (cosine && *cosine < norms.unrelated_cosine) return {.is = sameness::different, .why = judged_by::nearness};
  if (one.names != other.names) return {.is = sameness::unknown, .why = judged_by::names};
  if (list_length(stored) != list_length(fresh)) return {.is = sameness::unknown, .why = judged_by::list};
  const bool near = cosine && *cosine >= norms.same_cosine && overlap(first, second) >= norms.same_overlap;
  return {.is = near ? sameness::same : sameness::unknown, .why = judged_by::nearness};
}

}  // namespace refrain::semantic
