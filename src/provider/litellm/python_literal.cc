#include "provider/litellm/python_literal.h"

#include <string>
#include <utility>

#include "base/utf8.h"
#include "provider/json/json_text.h"

namespace refrain::provider {
namespace {

/// Tokens of Python's that JSON spells otherwise. A tuple of one ends in a comma.
constexpr std::pair<std::string_view, std::string_view> respelt[]{
    {"None", "null"}, {"True", "true"}, {"False", "false"}, {"(", "["}, {",)", "]"}, {")", "]"},
};

/// Characters that mean the same in both.
constexpr std::string_view kept = "{}[],:+-.e0123456789 \t\r\n";

/// Takes a character of a string, escaped or not.
std::optional<char32_t> take_character(std::string_view& python) {
  const auto code_point = base::take_code_point(python);
  if (code_point != U'\\') return code_point;
  const auto letter = base::take_code_point(python);
  switch (letter.value_or(0)) {
    case 'n': return U'\n';
    case 'r': return U'\r';
    case 't': return U'\t';
    case '\\':
    case '\'':
    case '"': return letter;
    case 'x': return base::take_hex(python, 2);
    case 'u': return base::take_hex(python, 4);
    case 'U': return base::take_hex(python, 8);
    default: return std::nullopt;
  }
}

/// Takes a string with its quotes.
bool translate_string(std::string_view& python, std::string& json) {
  const char quote = python.front();
  python.remove_prefix(1);
  std::string text;
  while (!python.starts_with(quote)) {
    const auto code_point = take_character(python);
    if (!code_point || !base::append_utf8(text, *code_point)) return false;
  }
  python.remove_prefix(1);
  json.append(1, '"').append(json_of_text(text)).push_back('"');
  return true;
}

/// Takes a token, or one character of a number. False where it is none that `repr` writes.
bool translate_token(std::string_view& python, std::string& json) {
  for (const auto& [theirs, ours] : respelt) {
    if (!python.starts_with(theirs)) continue;
    python.remove_prefix(theirs.size());
    json.append(ours);
    return true;
  }
  const char next = python.front();
  if (next == '\'' || next == '"') return translate_string(python, json);
  if (!kept.contains(next)) return false;
  python.remove_prefix(1);
  json.push_back(next);
  return true;
}

}  // namespace

std::optional<json_tree> read_python_literal(std::string_view text) {
  std::string json;
  while (!text.empty()) {
    if (!translate_token(text, json)) return std::nullopt;
  }
  return json_tree::parse(json);
}

}  // namespace refrain::provider
