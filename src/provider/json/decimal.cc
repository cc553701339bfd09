#include "provider/json/decimal.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"

namespace refrain::provider {
namespace {

/// Enough for any number that means something, and far from overflow when digits are counted in.
constexpr std::size_t max_exponent_digits = 9;

std::string_view take_digits(std::string_view& rest) noexcept {
  std::size_t count = 0;
  while (count < rest.size() && rest[count] >= '0' && rest[count] <= '9') ++count;
  const auto digits = rest.substr(0, count);
  rest.remove_prefix(count);
  return digits;
}

bool take(std::string_view& rest, char wanted) noexcept {
  if (!rest.starts_with(wanted)) return false;
  rest.remove_prefix(1);
  return true;
}

std::string_view without_leading_zeros(std::string_view digits) noexcept {
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

/// A number's parts as they are written.
struct written {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  bool exponent_negative = false;
  std::string_view exponent;
};

std::optional<written> read_parts(std::string_view token) noexcept {
  written parts;
  parts.negative = take(token, '-');
  parts.whole = take_digits(token);
  if (parts.whole.empty() || (parts.whole.size() > 1 && parts.whole.front() == '0')) return std::nullopt;
  if (take(token, '.')) {
    parts.fraction = take_digits(token);
    if (parts.fraction.empty()) return std::nullopt;
  }
  if (take(token, 'e') || take(token, 'E')) {
    parts.exponent_negative = take(token, '-');
    if (!parts.exponent_negative) take(token, '+');
    parts.exponent = take_digits(token);
    if (parts.exponent.empty()) return std::nullopt;
  }
  if (!token.empty()) return std::nullopt;
  return parts;
}

}  // namespace

decimal_fault append_decimal(std::string_view token, std::string& out) {
  const auto parts = read_parts(token);
  if (!parts) return decimal_fault::not_a_number;
  const auto exponent_digits = without_leading_zeros(parts->exponent);
  if (exponent_digits.size() > max_exponent_digits) return decimal_fault::exponent_too_large;

  const std::size_t start = out.size();
  if (parts->negative) out.push_back('-');
  const std::size_t first_digit = out.size();
  out.append(without_leading_zeros(parts->whole));
  out.append(out.size() == first_digit ? without_leading_zeros(parts->fraction) : parts->fraction);
  if (out.size() == first_digit) {
    out.resize(start);
    out.push_back('0');
    return decimal_fault::none;
  }

  const std::size_t zeros = out.size() - 1 - out.find_last_not_of('0');
  out.resize(out.size() - zeros);
  const auto written_exponent = base::to_integer<std::int64_t>(exponent_digits).value_or(0);
  out.push_back('e');
  const auto exponent = (parts->exponent_negative ? -written_exponent : written_exponent) -
                        static_cast<std::int64_t>(parts->fraction.size()) + static_cast<std::int64_t>(zeros);
  out.append(std::to_string(exponent));
  return decimal_fault::none;
}

std::optional<double> number_of(std::string_view token) noexcept {
  double value = 0;
  const auto* const last = token.data() + token.size();
  const auto [end, fault] = std::from_chars(token.data(), last, value);
  return fault == std::errc{} && end == last && std::isfinite(value) ? std::optional{value} : std::nullopt;
}

std::optional<std::int64_t> decimal_to_integer(std::string_view decimal) noexcept {
  if (decimal == "0") return 0;
  const std::size_t mark = decimal.find('e');
  if (mark == std::string_view::npos) return std::nullopt;
  auto value = base::to_integer<std::int64_t>(decimal.substr(0, mark));
  const auto exponent = base::to_integer<std::int64_t>(decimal.substr(mark + 1));
  if (!value || !exponent || *exponent < 0 || *exponent > 18) return std::nullopt;
  for (auto left = *exponent; left > 0; --left) {
    if (__builtin_mul_overflow(*value, 10, &*value)) return std::nullopt;
  }
  return value;
}

}  // namespace refrain::provider
