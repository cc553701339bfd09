#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace refrain::semantic {

/// What an answer is: two that are not prose are the same where they are spelled the same.
enum class answer_kind : std::uint8_t {
  prose,
  json,   ///< an object or array
  code,   ///< nothing but a fenced block
  brief,  ///< five words or fewer: a number, a label, a name
};

/// An answer in one spelling for all ways to write it.
struct answer_form {
  answer_kind kind = answer_kind::prose;
  std::string spelling;  ///< empty: prose
};

/// Reads an answer's form. Order of members, spelling of numbers and white space of JSON do not count, nor do case and
/// marks around the words of a brief answer, or blanks at the ends of lines of code. Pure.
[[nodiscard]] answer_form form_of(std::string_view answer);

/// Lines of code without the blanks at their ends, and without empty ones.
[[nodiscard]] std::string code_form(std::string_view code);

}  // namespace refrain::semantic
