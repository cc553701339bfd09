#include "provider/rules/float_vector.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "base/base64.h"
#include "provider/json/decimal.h"
#include "provider/json/json_text.h"

namespace refrain::provider {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trim(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

void append_float(std::string& bytes, float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  for (unsigned shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>(bits >> shift));
}

float float_at(std::string_view bytes) noexcept {
  std::uint32_t bits = 0;
  for (unsigned i = 4; i > 0; --i) bits = bits << 8 | static_cast<unsigned char>(bytes[i - 1]);
  return std::bit_cast<float>(bits);
}

std::optional<float> float_of(std::string_view number) noexcept {
  const auto exact = number_of(number);
  const auto value = static_cast<float>(exact.value_or(0));
  return exact && std::isfinite(value) ? std::optional{value} : std::nullopt;
}

/// The bytes of finite floats; nothing where a text is none.
std::optional<std::string> bytes_of_base64(std::string_view text) {
  auto bytes = base::base64_decode(text);
  if (!bytes || bytes->size() % sizeof(float) != 0) return std::nullopt;
  for (std::size_t at = 0; at < bytes->size(); at += sizeof(float)) {
    if (!std::isfinite(float_at(std::string_view{*bytes}.substr(at)))) return std::nullopt;
  }
  return std::optional{*std::move(bytes)};
}

std::optional<std::string> to_base64(std::string_view numbers) {
  std::string bytes;
  auto left = trim(numbers.substr(1, numbers.size() - 2));
  while (!left.empty()) {
    const auto end = std::min(left.find(','), left.size());
    const auto value = float_of(trim(left.substr(0, end)));
    if (!value) return std::nullopt;
    append_float(bytes, *value);
    if (end + 1 == left.size()) return std::nullopt;
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  return '"' + base::base64_encode(bytes) + '"';
}

std::optional<std::string> to_numbers(std::string_view text) {
  // Some writers escape base64's slashes.
  const auto characters = text_of_json(text.substr(1, text.size() - 2));
  const auto bytes = characters ? bytes_of_base64(*characters) : std::nullopt;
  if (!bytes) return std::nullopt;
  std::string numbers = "[";
  for (std::size_t at = 0; at < bytes->size(); at += sizeof(float)) {
    char spelt[32];
    const auto [end, fault] = std::to_chars(spelt, spelt + sizeof spelt, float_at(std::string_view{*bytes}.substr(at)));
    if (numbers.size() > 1) numbers.push_back(',');
    numbers.append(spelt, end);
  }
  return numbers + ']';
}

/// The form of a JSON text that is one of the two; nothing for any other.
std::optional<vector_form> form_of_vector(std::string_view json) noexcept {
  const auto text = trim(json);
  if (text.size() < 2) return std::nullopt;
  if (text.front() == '[' && text.back() == ']') return vector_form::numbers;
  if (text.front() == '"' && text.back() == '"') return vector_form::base64;
  return std::nullopt;
}

}  // namespace

std::optional<std::string> to_vector_form(std::string_view json, vector_form wanted) {
  const auto form = form_of_vector(json);
  if (!form) return std::nullopt;
  if (*form == wanted) return std::string{json};
  return wanted == vector_form::base64 ? to_base64(trim(json)) : to_numbers(trim(json));
}

uncacheable_reason judge_vector(const canonical_value& vector) {
  if (!vector.is(json_kind::array) && !vector.is(json_kind::string)) return uncacheable_reason::malformed_answer;
  if (!vector.holds_something()) return uncacheable_reason::empty_answer;
  if (const auto text = vector.string())
    return bytes_of_base64(*text) ? uncacheable_reason::none : uncacheable_reason::malformed_answer;
  for (auto left = vector.elements(); const auto one = left.next();) {
    const auto number = one->decimal();
    if (!number || !float_of(*number)) return uncacheable_reason::malformed_answer;
  }
  return uncacheable_reason::none;
}

}  // namespace refrain::provider
