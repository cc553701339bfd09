#include "semantic/answer_form.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>
#include <cmath>
#include <map>
#include <optional>
#include <ranges>

#include "base/text.h"
#include "semantic/reading.h"
#include "semantic/word_lists.h"

namespace refrain::semantic {
namespace {

namespace json = boost::json;

constexpr std::size_t most_brief_words = 5;
/// Up to here a double says which integer it is.
constexpr double exact_integers = 9'007'199'254'740'992;
constexpr std::string_view fence = "```";

void write(const json::value& value, std::string& to) {
  if (const auto* const object = value.if_object()) {
    std::map<std::string_view, const json::value*> members;
    for (const auto& member : *object) members[member.key()] = &member.value();
    to += '{';
    for (const auto& [name, member] : members) {
      to += json::serialize(name) + ':';
      write(*member, to);
      to += ',';
    }
    to += '}';
  } else if (const auto* const array = value.if_array()) {
    to += '[';
    for (const auto& item : *array) {
      write(item, to);
      to += ',';
    }
    to += ']';
  } else if (const auto* const number = value.if_double();
             number != nullptr && std::trunc(*number) == *number && std::abs(*number) < exact_integers) {
    to += std::to_string(static_cast<std::int64_t>(*number));
  } else {
    to += json::serialize(value);
  }
}

std::optional<std::string> json_form(std::string_view text) {
  if (!text.starts_with('{') && !text.starts_with('[')) return std::nullopt;
  boost::system::error_code fault;
  const auto value = json::parse(text, fault);
  if (fault) return std::nullopt;
  std::string written;
  write(value, written);
  return written;
}

/// The inside of a text that is one fenced block.
std::optional<std::string_view> fenced(std::string_view text) {
  if (!text.starts_with(fence) || !text.ends_with(fence) || text.size() < 2 * fence.size()) return std::nullopt;
  const auto begin = text.find('\n');
  const auto end = text.size() - fence.size();
  if (begin >= end || text.find(fence, begin) != end) return std::nullopt;
  return text.substr(begin + 1, end - begin - 1);
}

/// `1,000` and `42.00` as `1000` and `42`; `3.10` stays, as it may be a version.
std::string number_form(std::string_view number) {
  std::string digits{number};
  std::erase(digits, ',');
  const auto point = digits.find('.');
  if (point != std::string::npos && digits.find_first_not_of('0', point + 1) == std::string::npos) digits.resize(point);
  return digits;
}

std::string word_form(std::string_view word) {
  constexpr std::string_view marks = ".,;:!?*\"'()[]`";
  const auto begin = std::min(word.find_first_not_of(marks), word.size());
  word = word.substr(begin, word.find_last_not_of(marks) + 1 - begin);
  if (const auto number = number_of(word)) return std::string{*number};
  const bool is_number = word.find_first_not_of("0123456789.,") == std::string_view::npos;
  return is_number ? number_form(word) : std::string{word};
}

std::optional<std::string> brief_form(std::string_view text) {
  const auto normal = normal_form(text);
  const auto words = base::split(normal, ' ');
  if (words.size() > most_brief_words) return std::nullopt;
  std::string form;
  for (const auto word : words) form += word_form(word) + ' ';
  return form;
}

}  // namespace

std::string code_form(std::string_view code) {
  std::string form;
  for (const auto line : std::views::split(code, '\n')) {
    const std::string_view whole{line};
    const auto size = whole.find_last_not_of(" \t\r") + 1;
    if (size > 0) form.append(whole.substr(0, size)) += '\n';
  }
  return form;
}

answer_form form_of(std::string_view answer) {
  const auto text = answer.substr(std::min(answer.find_first_not_of(" \t\r\n"), answer.size()));
  const auto end = text.find_last_not_of(" \t\r\n");
  const auto whole = text.substr(0, end == std::string_view::npos ? 0 : end + 1);
  const auto block = fenced(whole);
  if (auto form = json_form(block.value_or(whole))) return {answer_kind::json, *std::move(form)};
  if (block) return {answer_kind::code, code_form(*block)};
  if (auto form = brief_form(whole)) return {answer_kind::brief, *std::move(form)};
  return {};
}

}  // namespace refrain::semantic
