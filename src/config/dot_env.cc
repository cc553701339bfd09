#include "config/dot_env.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"

namespace refrain::config {
namespace {

constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

bool is_variable_name(std::string_view text) noexcept {
  const auto fits = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-';
  };
  return !text.empty() && std::ranges::all_of(text, fits);
}

/// The character that a backslash and this one stand for; nothing where the backslash is text.
std::optional<char> escaped(char c, char quote) noexcept {
  if (c == '\\' || c == quote) return c;
  if (quote == '\'') return std::nullopt;
  switch (c) {
    case '\'': return '\'';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return std::nullopt;
  }
}

/// Walks over the text once, a line or a quoted run of lines at a time.
class reader {
 public:
  explicit reader(std::string_view text) : rest_(text) {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
  }

  dot_env read() && {
    while (!rest_.empty()) read_line();
    return std::move(read_);
  }

 private:
  void read_line() {
    const int line = line_;
    const auto whole = rest_.substr(0, rest_.find('\n'));
    auto name = base::trim(without_return(whole));
    if (name.empty() || name.starts_with('#')) return skip(whole.size() + 1);

    const auto equals = whole.find('=');
    name = base::trim(whole.substr(0, equals));
    if (name.starts_with("export") && name.size() > 6 && is_blank(name[6])) name = base::trim(name.substr(6));
    if (equals == std::string_view::npos || !is_variable_name(name)) {
      read_.unreadable.push_back(line);
      return skip(whole.size() + 1);
    }

    skip(equals + 1);
    auto value = read_value();
    if (value) {
      read_.variables.push_back({.name = std::string(name), .value = *std::move(value), .line = line});
    } else {
      read_.unreadable.push_back(line);
    }
  }

  /// Reads what stands after the equals sign, and skips the rest of its line.
  std::optional<std::string> read_value() {
    const auto whole = rest_.substr(0, rest_.find('\n'));
    const auto start = std::min(whole.find_first_not_of(" \t"), whole.size());
    if (start < whole.size() && (whole[start] == '\'' || whole[start] == '"')) return read_quoted(start);

    auto value = without_return(whole);
    for (std::size_t i = 1; i < value.size(); ++i) {
      if (value[i] == '#' && is_blank(value[i - 1])) {
        value = value.substr(0, i);
        break;
      }
    }
    std::string text(base::trim(value));
    skip(whole.size() + 1);
    return text;
  }

  /// Reads a quoted value whose quote stands at `start`. Nothing is left of its first line where the quote never ends.
  std::optional<std::string> read_quoted(std::size_t start) {
    const char quote = rest_[start];
    std::string value;
    std::size_t i = start + 1;
    for (; i < rest_.size() && rest_[i] != quote; ++i) {
      const auto meant = rest_[i] == '\\' && i + 1 < rest_.size() ? escaped(rest_[i + 1], quote) : std::nullopt;
      value.push_back(meant.value_or(rest_[i]));
      if (meant) ++i;
    }
    const bool ended = i < rest_.size();
    if (ended) skip(i + 1);
    const auto tail = rest_.substr(0, rest_.find('\n'));
    const auto after = base::trim(without_return(tail));
    skip(tail.size() + 1);
    if (!ended || (!after.empty() && !after.starts_with('#'))) return std::nullopt;
    return value;
  }

  static std::string_view without_return(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }

  /// Moves on by `length` bytes, at most to the end, and counts the lines left behind.
  void skip(std::size_t length) {
    length = std::min(length, rest_.size());
    line_ += static_cast<int>(std::ranges::count(rest_.substr(0, length), '\n'));
    rest_.remove_prefix(length);
  }

  std::string_view rest_;
  int line_ = 1;
  dot_env read_;
};

}  // namespace

dot_env read_dot_env(std::string_view text) { return reader(text).read(); }

}  // namespace refrain::config
