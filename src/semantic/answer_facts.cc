#include "semantic/answer_facts.h"

#include <algorithm>
#include <array>
#include <ranges>
#include <utility>

#include "base/text.h"
#include "semantic/answer_form.h"
#include "semantic/word_lists.h"

namespace refrain::semantic {
namespace {

/// An answer's parts, as Markdown has them.
struct parts {
  std::string prose;  ///< without the marks of lists and headings; a line is a sentence
  std::string code;
  std::size_t items = 0;
};

/// The mark of an item at the beginning of a line: `- `, `* `, `12. `, `3) `.
std::size_t length_of_mark(std::string_view line) {
  for (const std::string_view mark : {"- ", "* ", "+ ", "• "}) {
    if (line.starts_with(mark)) return mark.size();
  }
  const auto digits = line.find_first_not_of("0123456789");
  if (digits == 0 || digits > 3 || digits + 1 >= line.size()) return 0;
  return (line[digits] == '.' || line[digits] == ')') && line[digits + 1] == ' ' ? digits + 2 : 0;
}

parts take_apart(std::string_view answer) {
  parts made;
  bool is_code = false;
  for (const auto range : std::views::split(answer, '\n')) {
    const std::string_view whole{range};
    auto line = base::trim(whole);
    if (line.starts_with("```")) {
      is_code = !is_code;
    } else if (is_code) {
      made.code.append(whole) += '\n';
    } else {
      const auto mark = length_of_mark(line);
      made.items += mark > 0 ? 1 : 0;
      line.remove_prefix(mark);
      line.remove_prefix(std::min(line.find_first_not_of("# "), line.size()));
      made.prose.append(line) += " . ";
    }
  }
  return made;
}

/// As they begin in normal form.
constexpr std::array yes_words{"yes", "yeah", "yep", "हाँ", "हां", "जी हाँ", "जी हां", "haan", "ji haan"};
constexpr std::array no_words{"no", "nope", "नहीं", "जी नहीं", "nahi", "nahin"};

bool begins_with(std::string_view text, std::string_view words) {
  if (!text.starts_with(words)) return false;
  return text.size() == words.size() || std::string_view{" ,.:;!-"}.contains(text[words.size()]);
}

std::optional<bool> agreement_of(std::string_view normal) {
  const auto begins = [normal](std::string_view words) { return begins_with(normal, words); };
  if (std::ranges::any_of(yes_words, begins)) return true;
  if (std::ranges::any_of(no_words, begins)) return false;
  return std::nullopt;
}

/// A refusal says so at its beginning.
constexpr std::size_t place_of_refusal = 200;  // bytes
constexpr std::array refusals{
    "i can't help",         "i cannot help",   "i can't assist",      "i cannot assist",    "i'm not able to",
    "i am not able to",     "i'm unable to",   "i am unable to",      "i can't provide",    "i cannot provide",
    "i can't answer",       "i cannot answer", "i don't have access", "i don't know",       "i do not know",
    "i do not have access", "i can't share",   "i cannot share",      "i won't be able to", "as an ai",
    "i don't have any",     "मदद नहीं कर सक",   "सहायता नहीं कर सक",    "जवाब नहीं दे सक",      "उत्तर नहीं दे सक",
    "मुझे नहीं पता",           "मुझे जानकारी नहीं",  "madad nahi kar sak",  "jawab nahi de sak",  "mujhe nahi pata",
    "madad nahin kar sak",
};

bool refuses(std::string_view normal) {
  const auto beginning = base::head_of(normal, place_of_refusal);
  return std::ranges::any_of(refusals, [beginning](std::string_view words) { return beginning.contains(words); });
}

/// Numbers, dates and the like with a capital are held against each other elsewhere.
bool is_name(const std::string& word) {
  return !is_function_word(word) && !date_of(word) && !unit_of(word) && !number_of(word) && !denial_of(word);
}

std::set<std::string> names_of(const reading& read) {
  std::set<std::string> names;
  for (const auto& capital : read.names) {
    for (const auto part : base::split(capital, '-')) {
      if (std::string word{stem_of(part)}; is_name(word)) names.insert(std::move(word));
    }
  }
  return names;
}

std::set<std::string> identifiers_of(const reading& read) {
  std::set<std::string> all(read.quoted.begin(), read.quoted.end());
  for (const auto& code : read.code) all.insert(normal_form(code));
  all.erase("");
  return all;
}

}  // namespace

answer_facts facts_of(std::string_view answer) {
  const auto [prose, code, items] = take_apart(answer);
  auto words = read(prose);
  if (words.scripts.size() > 1) words.scripts.erase(script::latin);
  answer_facts made{
      .normal = std::move(words.normal),
      .content = std::move(words.content),
      .numbers = {words.numbers.begin(), words.numbers.end()},
      .dates = {words.dates.begin(), words.dates.end()},
      .names = names_of(words),
      .identifiers = identifiers_of(words),
      .sides = std::move(words.sides),
      .scripts = std::move(words.scripts),
      .romanised_hindi = words.romanised_hindi,
      .denies = !words.denials.empty(),
      .items = items,
      .code = code_form(code),
  };
  made.agrees = agreement_of(made.normal);
  made.refuses = refuses(made.normal);
  return made;
}

}  // namespace refrain::semantic
