#pragma once

#include <optional>
#include <string_view>

// What words mean to the guards, in English, Hindi and romanised Hindi. All words are in normal form (normal_form.h).
namespace refrain::semantic {

/// The unit that a word or symbol stands for, by one name for all its spellings: `kilometre` for km, kms, kilometers.
[[nodiscard]] std::optional<std::string_view> unit_of(std::string_view word) noexcept;

/// The number that a word stands for, as digits; nothing for words that often mean something else (`one`, `a`, `एक`).
[[nodiscard]] std::optional<std::string_view> number_of(std::string_view word) noexcept;
/// The same for words that are numbers where a unit follows, and else something else.
[[nodiscard]] std::optional<std::string_view> number_before_unit(std::string_view word) noexcept;

/// The month, weekday or relative day that a word names.
[[nodiscard]] std::optional<std::string_view> date_of(std::string_view word) noexcept;

/// What a word denies or restricts: `not` for never, without, नहीं, bina...; `except`, `only`, `already`, `yet`.
[[nodiscard]] std::optional<std::string_view> denial_of(std::string_view word) noexcept;

/// A word that has an opposite: the pair's number, and which side it is.
struct side {
  int pair = 0;
  bool second = false;
  friend bool operator==(const side&, const side&) = default;
};
[[nodiscard]] std::optional<side> side_of(std::string_view word);

/// Whether a word says little of what a text is about: articles, pronouns, prepositions, politeness.
[[nodiscard]] bool is_function_word(std::string_view word) noexcept;

/// Whether a word in Latin letters is one that Hindi has and English has not.
[[nodiscard]] bool is_romanised_hindi(std::string_view word) noexcept;

/// An English word without the ending of its plural or tense; others as they are. Crude: two words with one stem may
/// differ, one word never has two.
[[nodiscard]] std::string_view stem_of(std::string_view word) noexcept;

}  // namespace refrain::semantic
