#include "provider/litellm/python_literal.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/utf8.h"
#include "provider/json/canonical.h"
#include "provider/json/json_text.h"

namespace refrain::provider {
namespace {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// The JSON spelling of the number that a text begins with (RFC 8259, section 6), which is Python's too; empty for
/// none.
std::string_view number_at(std::string_view text) noexcept {
  std::size_t at = 0;
  const auto digits = [&] {
    const auto begin = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - begin;
  };
  const auto take = [&](std::string_view any_of) {
    const bool there = at < text.size() && any_of.contains(text[at]);
    at += there ? 1 : 0;
    return there;
  };
  (void)take("-");
  const auto first = at;
  if (digits() == 0 || (text[first] == '0' && at - first > 1)) return {};
  if (take(".") && digits() == 0) return {};
  if (take("e")) {
    (void)take("+-");
    if (digits() == 0) return {};
  }
  return text.substr(0, at);
}

class reading {
 public:
  explicit reading(std::string_view text) : rest_(text) {}

  std::optional<json_tree> whole() {
    auto value = read_value();
    skip_blanks();
    return rest_.empty() ? std::move(value) : std::nullopt;
  }

 private:
  std::optional<json_tree> read_value() {
    skip_blanks();
    if (rest_.empty()) return std::nullopt;
    switch (rest_.front()) {
      case '{': return nested(&reading::read_dict);
      case '[': return nested(&reading::read_list<']'>);
      case '(': return nested(&reading::read_list<')'>);
      case '\'':
      case '"': return read_string();
      default: return read_scalar();
    }
  }

  std::optional<json_tree> nested(std::optional<json_tree> (reading::*read)()) {
    if (depth_ == max_json_depth) return std::nullopt;
    ++depth_;
    rest_.remove_prefix(1);
    auto value = (this->*read)();
    --depth_;
    return value;
  }

  std::optional<json_tree> read_dict() {
    auto tree = json_tree::object();
    while (!take('}')) {
      if (!tree.members.empty() && !take(',')) return std::nullopt;
      skip_blanks();
      if (rest_.empty() || (rest_.front() != '\'' && rest_.front() != '"')) return std::nullopt;
      auto name = read_string();
      if (!name || !take(':')) return std::nullopt;
      auto value = read_value();
      if (!value) return std::nullopt;
      tree.members.emplace_back(std::move(name->text), *std::move(value));
    }
    return tree;
  }

  template <char End>
  std::optional<json_tree> read_list() {
    auto tree = json_tree::array();
    while (!take(End)) {
      if (!tree.elements.empty() && !take(',')) return std::nullopt;
      // A tuple of one ends in a comma.
      if (End == ')' && tree.elements.size() == 1 && take(End)) break;
      auto value = read_value();
      if (!value) return std::nullopt;
      tree.elements.push_back(*std::move(value));
    }
    return tree;
  }

  std::optional<json_tree> read_string() {
    const char quote = rest_.front();
    rest_.remove_prefix(1);
    std::string text;
    while (!rest_.empty() && rest_.front() != quote) {
      const auto code_point = read_character();
      if (!code_point || !base::append_utf8(text, *code_point)) return std::nullopt;
    }
    if (!take(quote)) return std::nullopt;
    return json_tree::string(json_of_text(text));
  }

  std::optional<char32_t> read_character() {
    const auto code_point = base::take_code_point(rest_);
    if (code_point != U'\\') return code_point;
    const auto letter = base::take_code_point(rest_);
    switch (letter.value_or(0)) {
      case 'n': return U'\n';
      case 'r': return U'\r';
      case 't': return U'\t';
      case '\\':
      case '\'':
      case '"': return letter;
      case 'x': return base::take_hex(rest_, 2);
      case 'u': return base::take_hex(rest_, 4);
      case 'U': return base::take_hex(rest_, 8);
      default: return std::nullopt;
    }
  }

  std::optional<json_tree> read_scalar() {
    static constexpr std::pair<std::string_view, std::string_view> names[]{
        {"None", "null"}, {"True", "true"}, {"False", "false"}};
    for (const auto& [python, json] : names) {
      if (!rest_.starts_with(python)) continue;
      rest_.remove_prefix(python.size());
      return json_tree::scalar(std::string{json});
    }
    const auto number = number_at(rest_);
    if (number.empty()) return std::nullopt;
    rest_.remove_prefix(number.size());
    return json_tree::scalar(std::string{number});
  }

  bool take(char wanted) {
    skip_blanks();
    const bool there = rest_.starts_with(wanted);
    if (there) rest_.remove_prefix(1);
    return there;
  }

  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }

  std::string_view rest_;
  unsigned depth_ = 0;
};

}  // namespace

std::optional<json_tree> read_python_literal(std::string_view text) {
  if (!text.starts_with('{') && !text.starts_with('[') && !text.starts_with('(')) return std::nullopt;
  return reading{text}.whole();
}

}  // namespace refrain::provider
