#include "provider/json/decimal.h"

#include <gtest/gtest.h>

namespace refrain::provider {
namespace {

std::string spell(std::string_view token) {
  std::string out;
  return append_decimal(token, out) == decimal_fault::none ? out : "fault";
}

TEST(decimal, equal_values_have_one_spelling) {
  for (const auto* const token : {"1", "1.0", "1e0", "10e-1", "0.1e1", "1.000", "100E-2", "0.0001e+4", "1e-0"}) {
    EXPECT_EQ(spell(token), "1e0") << token;
  }
}

TEST(decimal, zero_has_neither_sign_nor_exponent) {
  for (const auto* const token : {"0", "-0", "0.0", "-0.00e5", "0e999999999"}) EXPECT_EQ(spell(token), "0") << token;
}

TEST(decimal, different_values_differ_however_close) {
  EXPECT_EQ(spell("0.1"), "1e-1");
  EXPECT_EQ(spell("-12.50"), "-125e-1");
  EXPECT_EQ(spell("9007199254740993"), "9007199254740993e0");
  EXPECT_EQ(spell("9007199254740992"), "9007199254740992e0");
  EXPECT_EQ(spell("0.1000000000000000000000001"), "1000000000000000000000001e-25");
  EXPECT_EQ(spell("1e400"), "1e400");
  EXPECT_EQ(spell("120e399"), "12e400");
}

TEST(decimal, what_is_no_json_number_is_refused_and_leaves_nothing) {
  for (const auto* const token : {"", "-", "+1", "01", "-01", ".5", "1.", "1.e1", "1e", "1e+", "0x1", "1a", "1 ", "NaN",
                                  "Infinity", "1e1.5", "--1", "1e--1"}) {
    std::string out = "kept";
    EXPECT_EQ(append_decimal(token, out), decimal_fault::not_a_number) << token;
    EXPECT_EQ(out, "kept") << token;
  }
}

TEST(decimal, an_exponent_of_ten_digits_is_too_large) {
  std::string out;
  EXPECT_EQ(append_decimal("1e999999999", out), decimal_fault::none);
  EXPECT_EQ(append_decimal("1e0000999999999", out), decimal_fault::none);
  EXPECT_EQ(append_decimal("1e1000000000", out), decimal_fault::exponent_too_large);
  EXPECT_EQ(append_decimal("1e-99999999999999999999999", out), decimal_fault::exponent_too_large);
}

TEST(decimal, integers_come_back_and_only_they) {
  EXPECT_EQ(decimal_to_integer(spell("-1200")), -1200);
  EXPECT_EQ(decimal_to_integer(spell("0")), 0);
  EXPECT_EQ(decimal_to_integer(spell("9223372036854775807")), INT64_MAX);
  EXPECT_EQ(decimal_to_integer(spell("9223372036854775808")), std::nullopt);
  EXPECT_EQ(decimal_to_integer(spell("93e17")), std::nullopt);
  EXPECT_EQ(decimal_to_integer(spell("1e19")), std::nullopt);
  EXPECT_EQ(decimal_to_integer(spell("1.5")), std::nullopt);
}

}  // namespace
}  // namespace refrain::provider
