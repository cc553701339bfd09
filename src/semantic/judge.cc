#include "semantic/judge.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/text.h"
#include "semantic/answer_facts.h"
#include "semantic/answer_form.h"
#include "semantic/word_lists.h"

namespace refrain::semantic {
namespace {

/// Longer answers are not read: it takes time.
constexpr std::size_t longest = 32'768;  // bytes

/// What one kind of fact says of two answers.
enum class relation : std::uint8_t {
  agree,
  lacking,   ///< one says more than the other
  conflict,  ///< each says what the other does not
};

relation relation_of(bool one_covers, bool other_covers) noexcept {
  if (one_covers && other_covers) return relation::agree;
  return one_covers || other_covers ? relation::lacking : relation::conflict;
}

relation hold(const std::set<std::string>& one, const std::set<std::string>& other) {
  return relation_of(std::ranges::includes(one, other), std::ranges::includes(other, one));
}

/// A name that begins a sentence is no more than a word there.
bool has_names(const answer_facts& one, const answer_facts& other) {
  return std::ranges::all_of(other.names, [&](const std::string& name) {
    return one.names.contains(name) || std::ranges::find(one.content, name) != one.content.end();
  });
}

bool has_identifiers(const answer_facts& one, const answer_facts& other) {
  return std::ranges::all_of(other.identifiers, [&](const std::string& name) {
    return one.identifiers.contains(name) || one.normal.contains(name);
  });
}

relation hold_lists(const answer_facts& one, const answer_facts& other) {
  const auto [fewer, more] = std::minmax(one.items, other.items);
  if (fewer == more || more < 2) return relation::agree;
  return fewer < 2 ? relation::lacking : relation::conflict;
}

relation hold_code(const answer_facts& one, const answer_facts& other) {
  if (one.code == other.code) return relation::agree;
  return one.code.empty() || other.code.empty() ? relation::lacking : relation::conflict;
}

relation hold_sides(const answer_facts& one, const answer_facts& other) {
  const bool oppose = std::ranges::any_of(one.sides, [&](const auto& named) {
    const auto there = other.sides.find(named.first);
    return there != other.sides.end() && there->second != named.second;
  });
  return oppose ? relation::conflict : relation::agree;
}

/// One sentence with other words in one place is no rewording: "billed monthly", "billed yearly".
relation hold_places(const answer_facts& one, const answer_facts& other) {
  constexpr std::size_t most_words = 3;
  const auto first = base::split(one.normal, ' ');
  const auto second = base::split(other.normal, ' ');
  const auto shorter = std::min(first.size(), second.size());
  const auto before = static_cast<std::size_t>(std::ranges::mismatch(first, second).in1 - first.begin());
  std::size_t after = 0;
  while (after < shorter - before && first[first.size() - 1 - after] == second[second.size() - 1 - after]) ++after;
  const auto says_something = [&](const std::vector<std::string_view>& words) {
    const auto place = std::span{words}.subspan(before, words.size() - before - after);
    return place.size() <= most_words && !std::ranges::all_of(place, is_function_word);
  };
  return says_something(first) && says_something(second) ? relation::lacking : relation::agree;
}

constexpr relation conflict_if(bool they_differ) noexcept { return they_differ ? relation::conflict : relation::agree; }

using facts = const answer_facts&;

struct check {
  judged decides;
  std::string_view name;
  relation (*hold)(facts one, facts other);
};

/// In the order in which they are asked; the first that conflicts is the reason.
constexpr std::array checks{
    check{judged::language, "language",
          [](facts one, facts other) {
            return conflict_if(one.scripts != other.scripts || one.romanised_hindi != other.romanised_hindi);
          }},
    check{judged::refusal, "refusal", [](facts one, facts other) { return conflict_if(one.refuses != other.refuses); }},
    check{
        judged::yes_or_no, "yes_or_no",
        [](facts one, facts other) { return conflict_if(one.agrees && other.agrees && *one.agrees != *other.agrees); }},
    check{judged::number, "number", [](facts one, facts other) { return hold(one.numbers, other.numbers); }},
    check{judged::date, "date", [](facts one, facts other) { return hold(one.dates, other.dates); }},
    check{judged::name, "name",
          [](facts one, facts other) { return relation_of(has_names(one, other), has_names(other, one)); }},
    check{judged::identifier, "identifier",
          [](facts one, facts other) { return relation_of(has_identifiers(one, other), has_identifiers(other, one)); }},
    check{judged::code, "code", hold_code},
    check{judged::list, "list", hold_lists},
    check{judged::opposite, "opposite", hold_sides},
    check{judged::denial, "denial",
          [](facts one, facts other) { return one.denies == other.denies ? relation::agree : relation::lacking; }},
    check{judged::place, "place", hold_places},
};

/// What decides without a check.
struct other_name {
  judged decides;
  std::string_view name;
};
constexpr std::array other_names{
    other_name{judged::equal, "equal"},       other_name{judged::json, "json"},
    other_name{judged::brief, "brief"},       other_name{judged::alike, "alike"},
    other_name{judged::unlike, "unlike"},     other_name{judged::doubtful, "doubtful"},
    other_name{judged::too_long, "too_long"},
};

/// Of bags of words.
double f1(std::vector<std::string> one, std::vector<std::string> other) {
  if (one.empty() && other.empty()) return 1;
  std::ranges::sort(one);
  std::ranges::sort(other);
  std::vector<std::string> common;
  std::ranges::set_intersection(one, other, std::back_inserter(common));
  return 2.0 * static_cast<double>(common.size()) / static_cast<double>(one.size() + other.size());
}

constexpr sameness same_if(bool yes) noexcept { return yes ? sameness::same : sameness::different; }

/// Decides where one of the answers is more, or less, than prose.
std::optional<judgement> judge_forms(const answer_form& one, const answer_form& other) {
  if (one.kind != other.kind && one.kind != answer_kind::json && other.kind != answer_kind::json) return std::nullopt;
  const auto is = same_if(one.kind == other.kind && one.spelling == other.spelling);
  switch (std::max(one.kind, other.kind)) {
    case answer_kind::prose: return std::nullopt;
    case answer_kind::json: return judgement{is, judged::json};
    case answer_kind::code: return judgement{is, judged::code};
    case answer_kind::brief: return judgement{is, judged::brief};
  }
  return std::nullopt;
}

judgement judge_likeness(const likeness& answers, const answer_norms& norms, std::optional<judged> doubt) {
  const auto overlap = norms.overlap();
  const auto cosine = norms.cosine();
  if (answers.overlap < overlap.unrelated || answers.cosine.value_or(1) < cosine.unrelated) {
    return {sameness::different, judged::unlike};
  }
  if (doubt) return {sameness::unknown, *doubt};
  const bool alike = answers.overlap >= overlap.same && answers.cosine.value_or(1) >= cosine.same;
  return alike ? judgement{sameness::same, judged::alike} : judgement{sameness::unknown, judged::doubtful};
}

}  // namespace

std::string_view to_string(judged why) noexcept {
  if (const auto* const row = std::ranges::find(checks, why, &check::decides); row != checks.end()) return row->name;
  return std::ranges::find(other_names, why, &other_name::decides)->name;
}

judgement judge(std::string_view stored, std::string_view fresh, std::optional<double> cosine,
                const answer_norms& norms) {
  if (stored == fresh) return {sameness::same, judged::equal};
  if (std::max(stored.size(), fresh.size()) > longest) return {sameness::unknown, judged::too_long};
  if (const auto by_form = judge_forms(form_of(stored), form_of(fresh))) return *by_form;
  const auto one = facts_of(stored);
  const auto other = facts_of(fresh);
  if (one.normal == other.normal && one.code == other.code) return {sameness::same, judged::equal};
  std::optional<judged> doubt;
  for (const auto& check : checks) {
    const auto found = check.hold(one, other);
    if (found == relation::conflict) return {sameness::different, check.decides};
    if (found == relation::lacking && !doubt) doubt = check.decides;
  }
  return judge_likeness({cosine, f1(one.content, other.content)}, norms, doubt);
}

likeness likeness_of(std::string_view one, std::string_view other, std::optional<double> cosine) {
  return {cosine, f1(facts_of(one).content, facts_of(other).content)};
}

}  // namespace refrain::semantic
