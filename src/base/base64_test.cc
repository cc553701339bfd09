#include "base/base64.h"

#include <gtest/gtest.h>

namespace refrain::base {
namespace {

TEST(base64, encodes_and_decodes_what_the_rfc_lists) {
  // RFC 4648, section 10.
  for (const auto& [bytes, text] : {std::pair{"", ""},
                                    {"f", "Zg=="},
                                    {"fo", "Zm8="},
                                    {"foo", "Zm9v"},
                                    {"foob", "Zm9vYg=="},
                                    {"fooba", "Zm9vYmE="},
                                    {"foobar", "Zm9vYmFy"}}) {
    EXPECT_EQ(base64_encode(bytes), text);
    EXPECT_EQ(base64_decode(text), bytes);
  }
}

TEST(base64, keeps_every_byte) {
  std::string bytes;
  for (int i = 0; i < 512; ++i) bytes.push_back(static_cast<char>(i * 7));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(base64_decode(base64_encode(bytes.substr(0, size))), bytes.substr(0, size));
  }
}

TEST(base64, refuses_what_is_not_just_that) {
  for (const auto* const text :
       {"Zg", "Zg=", "Z===", "====", "Zg==Zg==", "Z g=", "Zm9v\n", " Zm9", "Zm9-", "Zm9_", "=Zg="}) {
    EXPECT_EQ(base64_decode(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace refrain::base
