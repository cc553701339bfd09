#include "semantic/reading.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>

namespace refrain::semantic {
namespace {

/// Calls `on` with each character and the bytes that it is made of.
template <class F>
void each_character(std::string_view text, F on) {
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto* const end = at + text.size();
  while (at != end) {
    utf8proc_int32_t c = 0;
    const auto size = utf8proc_iterate(at, end - at, &c);
    if (size > 0) on(c, std::string_view{reinterpret_cast<const char*>(at), static_cast<std::size_t>(size)});
    at += size > 0 ? size : 1;
  }
}

/// Marks belong to letters: vowels of Devanagari are marks.
bool is_letter(utf8proc_int32_t c) {
  const auto kind = utf8proc_category(c);
  return kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_ME;
}
bool is_digit(utf8proc_int32_t c) { return c >= '0' && c <= '9'; }
bool is_blank(utf8proc_int32_t c) {
  const auto kind = utf8proc_category(c);
  return (kind >= UTF8PROC_CATEGORY_ZS && kind <= UTF8PROC_CATEGORY_ZP) || (c >= '\t' && c <= '\r');
}
bool is_unseen(utf8proc_int32_t c) {
  const auto kind = utf8proc_category(c);
  // Joiners are a part of how Devanagari is spelled.
  const bool joiner = c == 0x200C || c == 0x200D;
  return !joiner && !is_blank(c) && (kind == UTF8PROC_CATEGORY_CC || kind == UTF8PROC_CATEGORY_CF);
}

/// What may end a sentence or stand around a word; the dandas of Devanagari are punctuation too.
bool is_sentence_mark(utf8proc_int32_t c) {
  return c == '.' || c == ',' || c == ';' || c == ':' || c == '!' || c == '?' || c == 0x0964 || c == 0x0965 ||
         c == 0x2026 || c == '(' || c == ')' || c == '[' || c == ']' || c == '"' || c == '\'' || c == 0x201C ||
         c == 0x201D || c == 0x2018 || c == 0x2019 || c == 0x00AB || c == 0x00BB || c == 0x2013 || c == 0x2014 ||
         c == 0x00BF || c == 0x00A1 || c == '*' || c == '-';
}

std::string cleaned(std::string_view text) {
  std::string valid;
  each_character(text, [&](utf8proc_int32_t c, std::string_view bytes) {
    if (c >= 0x0966 && c <= 0x096F) {
      valid += static_cast<char>('0' + (c - 0x0966));
    } else if (c == 0x2019) {
      valid += '\'';
    } else if (is_blank(c)) {
      if (!valid.empty() && valid.back() != ' ') valid += ' ';
    } else if (!is_unseen(c)) {
      valid += bytes;
    }
  });
  while (valid.ends_with(' ')) valid.pop_back();
  return valid;
}

std::string mapped(const std::string& text, int how) {
  utf8proc_uint8_t* made = nullptr;
  const auto size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &made, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | how));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner{made, &std::free};
  return size < 0 ? std::string{} : std::string{reinterpret_cast<const char*>(made), static_cast<std::size_t>(size)};
}

/// A word without the marks of sentences around it.
std::string_view bare(std::string_view word) {
  std::size_t first = word.size();
  std::size_t last = 0;
  std::size_t at = 0;
  each_character(word, [&](utf8proc_int32_t c, std::string_view bytes) {
    at = static_cast<std::size_t>(bytes.data() - word.data());
    if (is_sentence_mark(c)) return;
    first = std::min(first, at);
    last = at + bytes.size();
  });
  return first < last ? word.substr(first, last - first) : std::string_view{};
}

/// Whether a word is none of a language: it has signs within that sentences do not have.
bool is_code(std::string_view whole, std::string_view word) {
  if (whole.starts_with("--") || whole.ends_with("()") || (whole.starts_with('.') && !word.empty() && word != whole)) {
    return true;
  }
  bool code = false;
  char before = ' ';
  for (const char c : word) {
    code |= std::string_view{"_/\\#@<>=+^|~`{}()[]&"}.contains(c);
    code |= c == '$' && before != ' ' && (before < '0' || before > '9');
    // setState, index.html
    code |= before >= 'a' && before <= 'z' && c >= 'A' && c <= 'Z';
    code |= before == '.' && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) && word.size() > 4;
    before = c;
  }
  return code || (word.size() > 1 && word.front() == '$' && (word[1] < '0' || word[1] > '9'));
}

/// Adds up what the words of a text say, one after another.
class reader {
 public:
  explicit reader(reading& to) : to_(to) {}

  void take(std::string_view whole, bool is_first) {
    const auto word = bare(whole);
    // Signs alone: $? and the like mean something, a dash does not.
    if (word.empty() || std::ranges::none_of(word, [](char c) {
          return std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80;
        })) {
      if (whole.contains('$') || whole.contains('#')) to_.code.emplace(whole);
      return;
    }
    if (is_code(whole, word)) {
      to_.code.emplace(word);
      return;
    }
    const auto folded = mapped(std::string{word}, UTF8PROC_CASEFOLD);
    if (take_number(folded)) return;
    // A capital within a sentence names something; I does not.
    const bool capital = word.front() >= 'A' && word.front() <= 'Z';
    if (capital && !is_first && word.size() > 1) to_.names.insert(std::string{stem_of(folded)});
    // Words that a hyphen joins are words of their own.
    for (std::size_t begin = 0; begin <= folded.size();) {
      const auto end = std::min(folded.find('-', begin), folded.size());
      take_word(folded.substr(begin, end - begin));
      begin = end + 1;
    }
  }

  void finish() {
    settle_number({});
    to_.romanised_hindi = hindi_ >= 2 && !to_.scripts.contains(script::devanagari);
  }

 private:
  /// `5`, `5km`, `$20`, `1,000`, `70%`, `3/4`, `9:30`: whether the word is a number.
  bool take_number(std::string_view word) {
    std::string_view unit;
    auto rest = word;
    for (const std::string_view sign : {"$", "€", "£", "₹", "¥"}) {
      if (!rest.starts_with(sign)) continue;
      unit = sign;
      rest.remove_prefix(sign.size());
    }
    if (rest.empty() || !is_digit(rest.front())) return false;
    const auto end = std::min(rest.find_first_not_of("0123456789.,:/"), rest.size());
    auto digits = std::string{rest.substr(0, end)};
    const auto tail = rest.substr(end);
    std::erase(digits, ',');
    while (digits.ends_with('.') || digits.ends_with(':')) digits.pop_back();
    settle_number({});
    if (const auto ordinal = number_of(word)) {
      to_.numbers.emplace(*ordinal);
      return true;
    }
    pending_ = digits;
    if (!tail.empty()) {
      const auto named = unit_of(tail);
      settle_number(named ? *named : tail);
    } else if (!unit.empty()) {
      settle_number(*unit_of(unit));
    }
    return true;
  }

  /// The number before this word now has its unit, or has none.
  void settle_number(std::string_view unit) {
    if (pending_.empty()) return;
    to_.numbers.insert(unit.empty() ? pending_ : pending_ + " " + std::string{unit});
    pending_.clear();
  }

  void take_word(const std::string& word) {
    if (word.empty()) return;
    const auto unit = unit_of(word);
    if (!pending_.empty() && unit) {
      // Five thousand rupees: one number with two units.
      pending_ += " " + std::string{*unit};
      return;
    }
    settle_number({});
    if (!maybe_.empty() && unit) {
      pending_ = maybe_ + " " + std::string{*unit};
      maybe_.clear();
      return;
    }
    if (unit) to_.units.emplace(*unit);
    maybe_ = std::string{number_before_unit(word).value_or("")};
    if (const auto number = number_of(word)) {
      pending_ = *number;
      return;
    }
    const auto owner = std::string_view{word}.substr(0, word.ends_with("'s") ? word.size() - 2 : word.size());
    if (const auto date = date_of(owner)) {
      to_.dates.emplace(*date);
      return;
    }
    if (const auto denial = denial_of(word)) {
      ++to_.denials[std::string{*denial}];
      return;
    }
    if (is_romanised_hindi(word)) ++hindi_;
    if (const auto named = side_of(word)) {
      const auto [at, fresh] = to_.sides.emplace(named->pair, named->second);
      // Both sides: what is asked is the pair.
      if (!fresh && at->second != named->second) both_.insert(named->pair);
      if (both_.contains(named->pair)) to_.sides.erase(named->pair);
    }
    if (!is_function_word(word)) to_.content.emplace_back(stem_of(word));
  }

  reading& to_;
  std::string pending_;  ///< a number that may still get a unit
  std::string maybe_;    ///< a word that is a number if a unit follows
  std::set<int> both_;
  int hindi_ = 0;
};

struct opening {
  std::string_view words;
  question_word is;
};

/// The longest that fits counts, so these come first. Hindi has its question word anywhere.
constexpr std::array openings{
    opening{"how much", question_word::how_much}, opening{"how many", question_word::how_many},
    opening{"how long", question_word::how_long}, opening{"how often", question_word::how_often},
    opening{"how far", question_word::how_far},   opening{"how old", question_word::how_long},
    opening{"how soon", question_word::when},     opening{"what time", question_word::when},
    opening{"why", question_word::why},           opening{"when", question_word::when},
    opening{"where", question_word::where},       opening{"who", question_word::who},
    opening{"which", question_word::which},       opening{"what", question_word::what},
    opening{"how", question_word::how},           opening{"क्यों", question_word::why},
    opening{"कब", question_word::when},           opening{"कहां", question_word::where},
    opening{"कहाँ", question_word::where},         opening{"कौन", question_word::who},
    opening{"कितना", question_word::how_much},    opening{"कितनी", question_word::how_much},
    opening{"कितने", question_word::how_many},     opening{"कैसे", question_word::how},
    opening{"kyun", question_word::why},          opening{"kyu", question_word::why},
    opening{"kab", question_word::when},          opening{"kahan", question_word::where},
    opening{"kaun", question_word::who},          opening{"kitna", question_word::how_much},
    opening{"kitni", question_word::how_much},    opening{"kitne", question_word::how_many},
    opening{"kaise", question_word::how},
};

/// English asks at the beginning of a sentence; elsewhere `when` and `where` join clauses.
question_word question_word_of(const std::string& normal) {
  const auto padded = " " + normal + " ";
  const auto begins = [&](std::string_view words) {
    return normal.starts_with(words) &&
           (normal.size() == words.size() || !std::isalpha(static_cast<unsigned char>(normal[words.size()])));
  };
  const auto begins_sentence = [&](std::string_view words) {
    for (const std::string_view mark : {". ", "? ", "! ", ", ", ": "}) {
      const auto at = normal.find(std::string{mark} + std::string{words} + " ");
      if (at != std::string::npos) return true;
    }
    return begins(words);
  };
  for (const auto& [words, is] : openings) {
    const bool english = words.front() >= 'a' && words.front() <= 'z' && !is_romanised_hindi(words);
    if (english ? begins_sentence(words) : padded.contains(" " + std::string{words} + " ")) return is;
  }
  return question_word::none;
}

/// What stands within quotation marks; an apostrophe opens none.
void take_quotes(std::string_view text, std::multiset<std::string>& to) {
  for (const auto& [open, close] :
       {std::pair<std::string_view, std::string_view>{"\"", "\""}, {"“", "”"}, {"«", "»"}, {"`", "`"}}) {
    for (auto at = text.find(open); at != std::string_view::npos;) {
      const auto begin = at + open.size();
      const auto end = text.find(close, begin);
      if (end == std::string_view::npos) break;
      to.insert(normal_form(text.substr(begin, end - begin)));
      at = text.find(open, end + close.size());
    }
  }
}

}  // namespace

std::string normal_form(std::string_view text) {
  auto form = mapped(cleaned(text), UTF8PROC_CASEFOLD);
  std::size_t end = 0;
  each_character(form, [&](utf8proc_int32_t c, std::string_view bytes) {
    if (!is_sentence_mark(c) && !is_blank(c)) end = static_cast<std::size_t>(bytes.data() - form.data()) + bytes.size();
  });
  form.resize(end);
  return form;
}

reading read(std::string_view text) {
  reading made{.normal = normal_form(text)};
  each_character(text, [&](utf8proc_int32_t c, std::string_view) {
    made.unseen_characters |= is_unseen(c);
    if (!is_letter(c)) return;
    const bool devanagari = c >= 0x0900 && c <= 0x097F;
    made.scripts.insert(devanagari ? script::devanagari : c < 0x0250 ? script::latin : script::other);
  });
  const auto form = mapped(cleaned(text), 0);
  take_quotes(form, made.quoted);
  reader words{made};
  bool first = true;
  for (std::size_t begin = 0; begin < form.size();) {
    const auto end = std::min(form.find(' ', begin), form.size());
    const auto word = std::string_view{form}.substr(begin, end - begin);
    words.take(word, first);
    first = word.ends_with('.') || word.ends_with('?') || word.ends_with('!') || word.ends_with(':');
    begin = end + 1;
  }
  words.finish();
  made.asks = question_word_of(made.normal);
  return made;
}

}  // namespace refrain::semantic
